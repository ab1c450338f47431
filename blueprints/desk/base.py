"""What all pages of a desk share: the dossier within reach, refusals as sentences with a link, one's own standing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple
from uuid import uuid4

from flask import g, url_for
from sqlalchemy import Connection

from blueprints import database, looked, signed
from blueprints.access import Pages
from blueprints.desk.standing import Place, place_of, tone_of_state
from blueprints.face import lang
from casework.errors import NotFound
from queries.dossier import Details, read_details
from queries.dossier_rows import Proof
from queries.facts import CaseFile, read_case
from queries.sessions import SignedIn
from queries.wording import field_of, mend_of, sentence, state_label
from workflow.criteria_set import Indicator
from workflow.facts import Grant
from workflow.names import Column, Part, Role, Seen, Stage, Work
from workflow.policy import departments_of, may_see, may_work
from workflow.procedure import State
from workflow.refusal import Refusal

pages = Pages("desk", __name__)

SECTION_OF_WORK = {
    Work.ASSESS_COMMUNE: "criteria",
    Work.ASSESS_REVIEW: "criteria",
    Work.ASSESS_APPRAISAL: "criteria",
    Work.ATTACH_EVIDENCE: "criteria",
    Work.CONCLUDE_CRITERION: "criteria",
    Work.ATTACH_PART: "parts",
    Work.KEEP_CHECKLIST: "parts",
    Work.KEEP_COUNCIL: "council",
    Work.CAST_BALLOT: "council",
}
COLUMN_OF_WORK = {
    Work.ASSESS_COMMUNE: Column.COMMUNE,
    Work.ASSESS_REVIEW: Column.REVIEW,
    Work.ASSESS_APPRAISAL: Column.APPRAISAL,
}


def section_of(work: Work) -> str:
    """The section of the dossier's page that shows what this work fills in."""
    return SECTION_OF_WORK.get(work, "conditions")


class Progress(NamedTuple):
    """How many of one's own indicators are judged, of how many, and the first criterion with one that is not."""

    judged: int
    total: int
    following: str


@dataclass
class Board:
    """One dossier before one person: the file, what the page shows of it, and what the person may fill in."""

    file: CaseFile
    person: SignedIn
    connection: Connection | None = None

    @property
    def id(self) -> int:
        """The dossier's id."""
        dossier_id: int = self.file.row.id
        return dossier_id

    @property
    def url(self) -> str:
        """The address of the dossier's page."""
        return url_for("desk.dossier_page", dossier_id=self.id)

    @property
    def state(self) -> State:
        """The state in which the dossier lies."""
        return self.file.procedure.states[self.file.facts.state]

    @property
    def state_label(self) -> str:
        """The state in the language of the page."""
        return state_label(self.state, lang())

    @property
    def from_book(self) -> bool:
        """Whether the dossier was opened to review a title that was given before there were dossiers here."""
        return self.file.facts.from_book

    @property
    def stage(self) -> Stage:
        """The tier that has the dossier now; the commune when it has ended."""
        return Stage(self.state.tier) if self.state.tier else Stage.COMMUNE

    @cached_property
    def details(self) -> Details:
        """Who, when, files and texts."""
        return read_details(self.connection or database.reader(), self.file)

    @cached_property
    def place(self) -> Place:
        """Who holds the dossier, what comes next, by when and how that was counted."""
        return place_of(self.file, self.details)

    @property
    def tone(self) -> str:
        """The tone of the state in which the dossier lies."""
        return tone_of_state(self.state.name)

    @cached_property
    def works(self) -> dict[Work, Grant]:
        """What the person may fill in now, with the office in which it is done."""
        procedure, actor, facts = self.file.procedure, self.file.actor, self.file.facts
        found = {work: may_work(procedure, work, actor, facts) for work in self.state.work}
        return {work: grant for work, grant in found.items() if isinstance(grant, Grant)}

    @property
    def column(self) -> Column | None:
        """The column that the person may fill in now, if any."""
        return next((column for work, column in COLUMN_OF_WORK.items() if work in self.works), None)

    def owns(self, indicator: Indicator) -> bool:
        """Whether an indicator is one's own to judge now; a department's reviewer has those of the department."""
        if self.column is None:
            return False
        grants = [grant for work, grant in self.works.items() if work in COLUMN_OF_WORK]
        if all(grant.role is not Role.DEPARTMENT_REVIEWER for grant in grants):
            return bool(grants)
        return indicator.department in self.departments

    @cached_property
    def departments(self) -> frozenset[str]:
        """The departments for which the person appraises the dossier."""
        return departments_of(self.file.actor, self.file.facts)

    @cached_property
    def proofs(self) -> dict[str, tuple[Proof, ...]]:
        """The files beside each indicator."""
        listed = groupby(self.details.proofs, lambda proof: proof.indicator)
        return {code: tuple(proofs) for code, proofs in listed}

    @cached_property
    def differing(self) -> Mapping[str, frozenset[str]]:
        """The indicators in which each higher column says something else than the commune's own."""
        entered, found = self.details.entered, defaultdict(set)
        for (column, code), one in entered.items():
            base = entered.get((Column.COMMUNE, code))
            if base and (one.value, one.not_applicable, one.refuted) != (base.value, base.not_applicable, base.refuted):
                found[column].add(code)
        return {column: frozenset(found[column]) for column in Column}

    @cached_property
    def progress(self) -> Progress:
        """How far one is with one's own indicators."""
        facts = self.file.facts
        rules = facts.rules.by_code.values() if facts.rules else ()
        mine = [rule.indicator for rule in rules if self.owns(rule.indicator)]
        judged = facts.answers.get(self.column, {}) if self.column else {}
        left = [one.criterion for one in mine if one.code not in judged]
        return Progress(len(mine) - len(left), len(mine), left[0] if left else "")

    def say(self, refusal: Refusal) -> tuple[str, str]:
        """A refusal as a sentence, with the address where it is mended."""
        return sentence(refusal, lang(), self.file.procedure), self._mend(refusal)

    def _mend(self, refusal: Refusal) -> str:
        place = mend_of(refusal)
        if place == "inbox":
            return url_for("desk.dossiers_page")
        if place not in {work.value for work in Work}:
            return self._at(place, refusal)
        work = Work(place)
        if work not in self.works or section_of(work) == "criteria":
            return self._at(section_of(work), refusal)
        listed = _listed(refusal)
        if work is Work.ATTACH_PART and len(listed) == 1:
            return url_for("desk.task_page", dossier_id=self.id, task=work.value, item=listed[0])
        field = field_of(refusal).format(*listed[:1] or ("",))
        return self.work_url(work) + (f"#{field}" if field else "")

    def work_url(self, work: Work) -> str:
        """Where a work of the person is done: at the council's session for the council, else at its own form."""
        session = self.details.session
        if work in AT_THE_COUNCIL and (session is None or session.closed):
            return url_for("council.convene_page", dossier=self.id)
        if work in AT_THE_COUNCIL and session:
            return url_for(AT_THE_COUNCIL[work], session_id=session.id)
        return url_for("desk.task_page", dossier_id=self.id, task=work.value)

    def _at(self, section: str, refusal: Refusal) -> str:
        """A section of the dossier's page; the criterion, indicator or parts that are meant, when they are named."""
        listed = _listed(refusal)
        if section != "criteria" or not listed:
            return f"{self.url}#{section}" if section != "form" else ""
        if listed[0] in set(Part):
            return f"{self.url}#parts"
        criterion = self.criterion_of(listed[0])
        if Work.CONCLUDE_CRITERION in self.works and listed[0] == criterion:
            return url_for("desk.task_page", dossier_id=self.id, task="conclude_criterion", item=criterion)
        if self.column or Work.ATTACH_EVIDENCE in self.works or Work.CONCLUDE_CRITERION in self.works:
            anchor = f"indicator-{listed[0]}" if len(listed) == 1 and listed[0] != criterion else None
            return url_for("desk.criterion_page", dossier_id=self.id, criterion=criterion, _anchor=anchor)
        return f"{self.url}#criterion-{criterion}"

    def criterion_of(self, code: str) -> str:
        """The criterion to which an indicator belongs; a criterion is its own."""
        rules = self.file.facts.rules
        rule = rules.by_code.get(code) if rules else None
        return rule.indicator.criterion if rule else code


def _listed(refusal: Refusal) -> tuple[str, ...]:
    """The indicators, criteria, parts or items that a refusal names."""
    named = (refusal.parameters.get(name) for name in ("indicators", "criteria", "parts", "items"))
    return next((codes for codes in named if isinstance(codes, tuple) and codes), ())


LONGEST_KEY = 48  # what a decision on several dossiers adds to it fits into the record too


def key_of(typed: str | None) -> str:
    """The request key that a form carries, letters and digits of it as far as they count; a fresh one without any.

    The keys under which the house itself acts have other signs, so that nobody can use one up beforehand.
    """
    plain = "".join(sign for sign in typed or "" if sign.isascii() and (sign.isalnum() or sign == "-"))
    return plain[:LONGEST_KEY] or uuid4().hex


AT_THE_COUNCIL = {Work.KEEP_COUNCIL: "council.session_page", Work.CAST_BALLOT: "council.ballots_page"}


def open_board(dossier_id: int) -> Board:
    """The dossier within the person's reach today; NotFound outside it, as if there were none."""
    person = signed.require_person()
    file = read_case(database.reader(), dossier_id, person.person_id, g.today)
    if file is None or not may_see(file.actor, file.facts.unit, g.today):
        raise NotFound(f"dossier {dossier_id}")
    looked.at(dossier_id, Seen.DOSSIER)
    return Board(file, person)


def hold_board(connection: Connection, board: Board) -> Board:
    """The same dossier as it stands now, held for an act."""
    file = read_case(connection, board.id, board.person.person_id, g.today, lock=True)
    if file is None:
        raise NotFound(f"dossier {board.id}")
    return Board(file, board.person, connection)
