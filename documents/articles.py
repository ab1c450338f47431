"""The usual articles of decisions: who is recognised, what follows from it, who carries it out."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.records import Article, Clause, DecisionName, Matter, RecognisedUnit
from documents.wording import dated, in_place, numbered, sentence_start, units_in_short

ANNOUNCING = "tổ chức công bố Quyết định này bảo đảm trang trọng, tiết kiệm, không phô trương, hình thức."
KEEPING = "có trách nhiệm duy trì, nâng cao chất lượng các tiêu chí đã đạt"
LISTED = " (có danh sách tại Phụ lục kèm theo)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """Who does what after a decision: announces it, keeps the criteria up, guides, and carries the decision out."""

    announced_by: str
    kept_up_by: str
    guided_by: str
    carried_out_by: str
    next_aim: str = ""


def recognition_articles(units: Sequence[RecognisedUnit], province_name: str, duties: Duties) -> tuple[Article, ...]:
    """The articles of a recognition; units with different titles or years need articles of their own."""
    level, year = _one_title(units)
    aim = f", phấn đấu {duties.next_aim}" if duties.next_aim else ""
    listed = LISTED if len(units) > 1 else ""
    return (
        Article(text=f"Công nhận {units_in_short(units, province_name)} {level} năm {year}{listed}."),
        Article(
            heading="Tổ chức thực hiện",
            clauses=(
                Clause(text=f"{sentence_start(duties.announced_by)} {ANNOUNCING}"),
                Clause(text=f"{sentence_start(duties.kept_up_by)} {KEEPING}{aim}."),
                Clause(text=f"{sentence_start(duties.guided_by)} hướng dẫn, kiểm tra việc duy trì các tiêu chí."),
            ),
        ),
        _carrying_out(duties),
    )


def refusal_articles(matter: Matter, reasons: Sequence[str], duties: Duties) -> tuple[Article, ...]:
    """The articles of a decision not to recognise: the decision with its reasons, what the unit may do, who acts."""
    return (
        Article(
            text=f"Không công nhận {in_place(matter.unit, matter.place)} {matter.title} năm {matter.year}, vì:",
            clauses=tuple(Clause(text=reason) for reason in reasons),
        ),
        Article(
            text=f"{sentence_start(duties.kept_up_by)} khắc phục các nội dung nêu tại Điều 1 và lập hồ sơ mới khi đủ "
            "điều kiện."
        ),
        _carrying_out(duties),
    )


def revocation_articles(
    units: Sequence[RecognisedUnit], province_name: str, revoked: DecisionName, reasons: Sequence[str], duties: Duties
) -> tuple[Article, ...]:
    """The articles of a revocation: what is revoked and why, that the certificates are taken back, who acts."""
    listed = LISTED if len(units) > 1 else ""
    name = (
        f"Quyết định số {numbered(revoked.number, revoked.symbol)} {dated(revoked.signed_on)} của {revoked.authority}"
    )
    level, year = _one_title(units)
    what = f"việc công nhận {units_in_short(units, province_name)} {level} năm {year}{listed}"
    return (
        Article(text=f"Thu hồi {name} đối với {what}, vì:", clauses=tuple(Clause(text=reason) for reason in reasons)),
        Article(
            text=f"{sentence_start(duties.announced_by)} công khai Quyết định này và thu hồi Bằng công nhận đã cấp; "
            f"{duties.kept_up_by} xây dựng kế hoạch khắc phục các tiêu chí chưa đạt."
        ),
        _carrying_out(duties),
    )


def replacement_articles(
    units: Sequence[RecognisedUnit], province_name: str, replaced: DecisionName, duties: Duties, *, partly: bool = False
) -> tuple[Article, ...]:
    """The articles of a decision in place of another: the recognition as it must read, and that the other one ends.

    Partly, where the other one was about more units: it ends for those of this decision.
    """
    first, second, _ = recognition_articles(units, province_name, duties)
    name = f"Quyết định số {numbered(replaced.number, replaced.symbol)} {dated(replaced.signed_on)} của"
    of_these = f" đối với {units_in_short(units, province_name)}" if partly else ""
    text = f"Quyết định này có hiệu lực thi hành kể từ ngày ký và thay thế {name} {replaced.authority}{of_these}. "
    return (first, second, Article(text=text + _who(duties)))


def _one_title(units: Sequence[RecognisedUnit]) -> tuple[str, int]:
    titles = {(unit.level_title, unit.year) for unit in units}
    if len(titles) != 1:
        raise ValueError("units with different titles or years need articles of their own")
    return titles.pop()


def _carrying_out(duties: Duties) -> Article:
    return Article(text=f"Quyết định này có hiệu lực thi hành kể từ ngày ký. {_who(duties)}")


def _who(duties: Duties) -> str:
    return f"{sentence_start(duties.carried_out_by)} chịu trách nhiệm thi hành Quyết định này."
