"""In whose name a paper is issued: the body's name, its symbol, its place, and who signs for it by which power."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from documents.records import Authority, Power, Signer
from documents.wording import inside
from queries.facts import CaseFile
from queries.papers import Around
from workflow.decide import Decision
from workflow.names import Role, Stage, Tier

POWERS: Mapping[str, Power] = dict(zip(("", "Q.", "KT.", "TL.", "TUQ."), get_args(Power), strict=True))
POSTS = {"": "Chủ tịch", "Q.": "Chủ tịch", "KT.": "Phó Chủ tịch", "TL.": "Chánh Văn phòng", "TUQ.": "Phó Chủ tịch"}
DEPARTMENTS_MERGED_ON = date(2025, 3, 1)
STEERING = "Ban Chỉ đạo xây dựng nông thôn mới"
COUNCIL = "Hội đồng thẩm định xã nông thôn mới"
COUNCIL_IN_SHORT = "Hội đồng thẩm định"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that issues papers: its unit, its names, the symbol after the kind's, and whose signature it has."""

    unit_id: int
    code: str
    name: str
    place: str
    signer: Signer
    superior: str | None = None
    authority: Authority = "committee"
    kept_by: str = ""


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies around one dossier on one day, each made when it is asked for."""

    file: CaseFile
    decision: Decision
    around: Around
    today: date

    @property
    def unit(self) -> str:
        """The dossier's unit as it stands inside a sentence: "xã Nam Tuấn"."""
        return inside(self.around.units[self.file.row.unit_id])

    @property
    def district(self) -> str:
        """The district above, where there is one."""
        return inside(self.around.units.get(self.file.row.district_id or 0, ""))

    @property
    def province(self) -> str:
        """The province above."""
        return inside(self.around.units[self.file.row.province_id])

    @property
    def above(self) -> str:
        """The units above, from the nearest to the province: "huyện Hòa An, tỉnh Cao Bằng"."""
        return ", ".join(name for name in (self.district, self.province) if name)

    def committee(self, tier: Tier) -> Body:
        """The People's Committee of a tier; the chairman signs for it unless an office stands in for him."""
        row = self.file.row
        unit_id, role = {
            Tier.DISTRICT: (row.district_id, Role.DISTRICT_CHAIRMAN),
            Tier.PROVINCE: (row.province_id, Role.PROVINCIAL_CHAIRMAN),
        }.get(tier, (row.unit_id, Role.COMMUNE_CHAIRMAN))
        unit = self.around.units[unit_id]
        name, wording = self._signs(role, unit_id)
        signer = Signer(name=name, post=POSTS[wording], power=POWERS[wording])
        kept_by = "KT" if tier is Tier.PROVINCE else ""
        return Body(unit_id, "UBND", f"Ủy ban nhân dân {inside(unit)}", _bare(unit), signer, kept_by=kept_by)

    def front(self) -> Body:
        """The Fatherland Front of the commune, for which its standing board signs."""
        row, unit = self.file.row, self.around.units[self.file.row.unit_id]
        name, wording = self._signs(Role.COMMUNE_FRONT, row.unit_id)
        signer = Signer(name=name, post=POSTS[wording], power=POWERS[wording], collective="Ban Thường trực")
        full = f"Ủy ban Mặt trận Tổ quốc Việt Nam {inside(unit)}"
        return Body(row.unit_id, "MTTQ-BTT", full, _bare(unit), signer)

    def steering(self, tier: Tier) -> Body:
        """The Steering Committee of a tier; its chair is not known to the system."""
        at = self.committee(tier)
        unit = self.around.units[at.unit_id]
        chair = Signer(name="", post="Chủ tọa", head="Trưởng ban")
        return Body(at.unit_id, "BCĐ", f"{STEERING} {inside(unit)}", at.place, chair)

    def department(self) -> Body:
        """The provincial department that leads, by its name on the day; its director signs in person."""
        merged = self.today >= DEPARTMENTS_MERGED_ON
        at = self.committee(Tier.PROVINCE)
        return Body(
            at.unit_id,
            "SNNMT" if merged else "SNNPTNT",
            department_name_on(self.today),
            at.place,
            Signer(name="", post="Giám đốc", head="Giám đốc"),
            superior=at.name,
            authority="chairman",
            kept_by="PTNT",
        )

    def council(self) -> Body:
        """The appraisal council, which has a symbol and series of its own; its chair signs on its behalf."""
        at = self.committee(Tier.PROVINCE)
        chair = Signer(name=self.around.chair, post="Chủ tịch", collective=COUNCIL_IN_SHORT)
        name = f"{COUNCIL} {self.province}"
        return Body(at.unit_id, "HĐTĐ", name, at.place, chair, superior=at.name)

    def of_actor(self) -> Body:
        """The body in whose name the acting office speaks."""
        role = self.decision.grant.role
        if role is Role.COMMUNE_FRONT:
            return self.front()
        if role in {Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER}:
            return self.council()
        if role in {Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER}:
            return self.department()
        return self.committee(role.tier)

    def receiving(self) -> tuple[str, ...]:
        """Whom the commune sends its dossier to: the district, or without one the province and its department."""
        if self.district:
            return (f"Ủy ban nhân dân {self.district}",)
        return self.provincial()

    def provincial(self) -> tuple[str, ...]:
        """Whom a dossier is sent to at the province."""
        return (f"Ủy ban nhân dân {self.province}", department_name_on(self.today))

    def holding(self, stage: Stage) -> str:
        """The body with which the dossier lies at a stage."""
        if stage is Stage.DISTRICT:
            return f"Ủy ban nhân dân {self.district}"
        return department_name_on(self.today) if stage is Stage.PROVINCE else self.receiving()[0]

    def _signs(self, role: Role, unit_id: int) -> tuple[str, str]:
        """Whoever acts signs the own office's paper; any other is signed by whoever heads the body that day."""
        if self.decision.grant.role is role:
            return self.file.actor.name, self.decision.grant.wording
        return self.around.head(role, unit_id)


def department_name_on(day: date) -> str:
    """The department that leads, by its name on a day: it was merged and renamed on 01/03/2025 at the latest."""
    merged = day >= DEPARTMENTS_MERGED_ON
    return "Sở Nông nghiệp và Môi trường" if merged else "Sở Nông nghiệp và Phát triển nông thôn"


def _bare(name: str) -> str:
    """A unit's name without its kind: "Nam Tuấn"."""
    return name.split(" ", 1)[-1]
