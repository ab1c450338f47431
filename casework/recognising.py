"""What a decision of recognition leaves behind: the entry in the book and the document's frozen text."""

from dataclasses import dataclass
from datetime import date
from typing import get_args

from sqlalchemy import Connection, insert, select

from casework.issuing import Issued
from casework.papers import Drawn
from documents.context import Article, Clause, DecisionContext, Power, RecognisedUnit, Signer, to_json
from documents.wording import LEVEL_TITLES, dated
from models.base import table_of
from models.documents import Installation
from models.places import AdminUnit, Recognition
from queries.facts import CaseFile
from workflow.decide import Decision
from workflow.names import DocumentKind, Field

R, U, P = table_of(Recognition), table_of(AdminUnit), table_of(Installation)
POWERS: dict[str, Power] = dict(zip(("", "Q.", "KT.", "TL.", "TUQ."), get_args(Power), strict=True))
POSTS = {"": "Chủ tịch", "Q.": "Chủ tịch", "KT.": "Phó Chủ tịch", "TL.": "Chánh Văn phòng", "TUQ.": "Phó Chủ tịch"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the recognised unit lies, in the names of the day of signing."""

    unit: str
    district: str
    province: str

    @property
    def above(self) -> str:
        """The units above, from the nearest to the province."""
        return ", ".join(name for name in (self.district, self.province) if name)

    @property
    def above_inside(self) -> str:
        """The same as it stands inside a sentence: "huyện Hòa An, tỉnh Cao Bằng"."""
        return ", ".join(_inside(name) for name in (self.district, self.province) if name)


@dataclass(frozen=True, slots=True)
class Title:
    """A title that a decision gives: where, for which year, under which number, and the decision as a paper."""

    place: Place
    year: int
    issued: Issued
    paper: Drawn


def draw_up(connection: Connection, file: CaseFile, decision: Decision, issued: Issued) -> Title:
    """The title with the decision's text as it stands now, before anything of it is written."""
    place, year = _place(connection, file), int(str(decision.event.payload[Field.YEAR_RECOGNISED]))
    practice = bool(connection.execute(select(P.c.practice)).scalar())
    context = decision_context(file, decision.grant.wording, issued, place, year, practice=practice)
    paper = Drawn(DocumentKind.DECISION, issued.unit_id, issued.symbol, to_json(context), issued)
    return Title(place, year, issued, paper)


def enter(connection: Connection, file: CaseFile, title: Title) -> None:
    """Enter the title in the book, in the transaction that took the number."""
    connection.execute(
        insert(R),
        {
            "unit_id": file.row.unit_id,
            "unit_name": title.place.unit,
            "place_then": title.place.above,
            "subject": file.row.subject,
            "level": file.row.level,
            "year_recognised": title.year,
            "decision": title.issued.name,
            "signed_on": title.issued.signed_on,
            "authority": f"Chủ tịch Ủy ban nhân dân {_inside(title.place.province)}",
            "status": "valid",
            "dossier_id": file.row.id,
            "source": file.row.code,
        },
    )


def _place(connection: Connection, file: CaseFile) -> Place:
    ids = (file.row.unit_id, *file.facts.unit.above)
    names = {
        unit.id: unit.full_name for unit in connection.execute(select(U.c.id, U.c.full_name).where(U.c.id.in_(ids)))
    }
    return Place(names[file.row.unit_id], names.get(file.row.district_id, ""), names[file.row.province_id])


def decision_context(
    file: CaseFile, wording: str, issued: Issued, place: Place, year: int, *, practice: bool
) -> DecisionContext:
    """The facts of the decision as they stand when it is signed; the paper is rendered from these for ever."""
    title, unit = LEVEL_TITLES[file.row.level], _inside(place.unit)
    return DecisionContext(
        issuing_body=f"Ủy ban nhân dân {_inside(place.province)}",
        authority="chairman" if file.procedure.authority == "chairman" else "committee",
        province_name=_inside(place.province),
        number=issued.number,
        symbol=issued.symbol,
        place=_bare(place.province),
        signed_on=issued.signed_on,
        year_recognised=year,
        level=title,
        units=(RecognisedUnit(name=unit, place=place.above_inside, level_title=title, year=year),),
        legal_bases=_legal_bases(file),
        articles=_articles(file, unit, place, title, year),
        signer=Signer(name=file.actor.name, post=POSTS[wording], power=POWERS[wording]),
        recipients=(
            "Như Điều 3",
            "Bộ Nông nghiệp và Môi trường",
            "Thường trực Tỉnh ủy, Hội đồng nhân dân tỉnh",
            "Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân tỉnh",
            "Cổng Thông tin điện tử tỉnh",
        ),
        copy_kept_by="KT",
        draft=True,
        practice=practice,
    )


def _legal_bases(file: CaseFile) -> tuple[str, ...]:
    bases = [f"Căn cứ {basis}" for basis in file.procedure.legal_basis]
    if file.row.adoption_decision:
        bases.append(
            f"Căn cứ Quyết định số {file.row.adoption_decision} {dated(file.row.adopted_on)} của Ủy ban nhân dân tỉnh "
            "về việc áp dụng Bộ tiêu chí xã nông thôn mới trên địa bàn tỉnh"
        )
    sitting = file.facts.sitting
    if sitting and sitting.held_on:
        bases.append(f"Căn cứ Biên bản họp {dated(sitting.held_on)} của Hội đồng thẩm định xã nông thôn mới tỉnh")
    return (*bases, f"Theo đề nghị của Giám đốc {_department(file)}")


def _department(file: CaseFile) -> str:
    """The department that leads, by its name on the day: it was merged and renamed on 01/03/2025 at the latest."""
    after = file.facts.today >= date(2025, 3, 1)
    return "Sở Nông nghiệp và Môi trường" if after else "Sở Nông nghiệp và Phát triển nông thôn"


def _articles(file: CaseFile, unit: str, place: Place, title: str, year: int) -> tuple[Article, ...]:
    department = _department(file)
    announcing = f"Ủy ban nhân dân {_inside(place.district)}" if place.district else f"Ủy ban nhân dân {unit}"
    return (
        Article(text=f"Công nhận {unit}, {place.above_inside} {title} năm {year}."),
        Article(
            heading="Tổ chức thực hiện",
            clauses=(
                Clause(text=f"{announcing} tổ chức công bố Quyết định này bảo đảm trang trọng, tiết kiệm."),
                Clause(text=f"Ủy ban nhân dân {unit} duy trì, nâng cao chất lượng các tiêu chí đã đạt."),
                Clause(text=f"{department} hướng dẫn, kiểm tra việc duy trì các tiêu chí theo quy định."),
            ),
        ),
        Article(
            text="Quyết định này có hiệu lực thi hành kể từ ngày ký. Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc "
            f"{department}, Thủ trưởng các cơ quan, đơn vị có liên quan và Chủ tịch Ủy ban nhân dân {unit} "
            "chịu trách nhiệm thi hành Quyết định này."
        ),
    )


def _inside(name: str) -> str:
    """A full name as it stands inside a sentence: "xã Hòa An", "tỉnh Cao Bằng"."""
    return name[:1].lower() + name[1:]


def _bare(name: str) -> str:
    return name.split(" ", 1)[1]
