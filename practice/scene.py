"""One dossier at one moment, with the company that acts on it; what every preparation and every action looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from random import Random
from typing import TypeVar

from sqlalchemy import Connection

from casework.errors import NotFound
from casework.filing import Upload, store
from practice.company import Company
from practice.figures import Commune, commune_of
from practice.material import lot, material
from practice.papers import papers
from practice.scenario import STRAIGHT_ON, Turn
from queries.days import day_of
from queries.facts import CaseFile, read_case
from queries.wording import label
from workflow.criteria import Rules
from workflow.names import Part, Role, Stage, Tier
from workflow.procedure import State

Item = TypeVar("Item")
PICTURES = "hinh-anh"
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Scene:
    """A dossier as it stands at a moment, the turn it takes there, and how much of the work is to be done (percent)."""

    connection: Connection
    company: Company
    file: CaseFile
    at: datetime
    turn: Turn = STRAIGHT_ON
    weak: tuple[str, ...] = ()
    share: int = 100

    @property
    def dossier_id(self) -> int:
        """The dossier."""
        return int(self.file.row.id)

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return day_of(self.at)

    @property
    def state(self) -> State:
        """The state in which the dossier lies."""
        return self.file.procedure.states[self.file.facts.state]

    @property
    def stage(self) -> Stage:
        """The tier at which it lies."""
        return Stage(self.state.tier or Tier.COMMUNE)

    @property
    def since(self) -> date:
        """The day on which it came to this state."""
        return self.file.stays[-1].entered

    @property
    def whole(self) -> bool:
        """Whether all the work of this state is to be done."""
        return self.share >= 100

    @property
    def rules(self) -> Rules:
        """The rules of its criteria set."""
        rules = self.file.facts.rules
        assert rules is not None
        return rules

    @property
    def commune(self) -> Commune:
        """The figures of its commune."""
        return commune_of(self.file.row.unit_code)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the last notice of return named."""
        returns = self.file.facts.returns
        return tuple(sorted(returns[-1].missing)) if returns else ()

    def draw(self, *seeds: object) -> Random:
        """The dossier's lot for something in this stay."""
        return lot(self.file.row.code, len(self.file.stays), *seeds)

    def some_of(self, items: Sequence[Item]) -> list[Item]:
        """The first items, as many as are to be done."""
        return list(items[: ceil(len(items) * self.share / 100)])

    def holders(self, role: Role, department: str | None = None) -> tuple[int, ...]:
        """The people in an office that reaches the dossier."""
        row = self.file.row
        units = {Tier.COMMUNE: row.unit_id, Tier.DISTRICT: row.district_id, Tier.PROVINCE: row.province_id}
        return self.company.holders(role, units[role.tier], department)

    def person(self, role: Role, department: str | None = None) -> int:
        """The first person in an office that reaches the dossier."""
        return self.holders(role, department)[0]

    def paper(self, name: str, title: str) -> Upload:
        """A sample paper under a title of this dossier."""
        file = f"{name}-{self.draw(name).randint(1, 3)}.png" if name == PICTURES else f"{name}.pdf"
        return Upload(file, f"{title} - {self.file.row.unit_name}"[:200], papers()[file])

    def part(self, part: Part) -> Upload:
        """A sample paper as a part of this dossier."""
        return self.paper(material("texts")["part_files"][part], label("parts", part, "vi"))

    def keep(self, upload: Upload) -> str:
        """Keep a paper in the storage, and give its hash."""
        return store(self.connection, self.company.storage, upload, self.at)


def look(connection: Connection, company: Company, dossier_id: int, at: datetime, person_id: int = 0) -> Scene:
    """The scene of a dossier at a moment, as a person sees it; NotFound when there is no such dossier."""
    file = read_case(connection, dossier_id, person_id, day_of(at))
    if file is None:
        raise NotFound(f"dossier {dossier_id}")
    return Scene(connection, company, file, at)
