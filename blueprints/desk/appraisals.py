"""What the departments still have to conclude on, over all dossiers under appraisal: by criterion, and by dossier."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database, signed
from blueprints.desk.base import pages
from blueprints.desk.lists import LONGEST, Item, items_of
from blueprints.desk.next_steps import offices_of
from blueprints.face import APPRAISERS, department, in_language
from blueprints.incoming import page_in
from queries.appraisals import Appraisals, Asked, ToConclude, appraisals, criteria_of
from queries.rulebook import criteria_sets
from queries.wording import departments, in_order


class Open(NamedTuple):
    """A criterion that is still open in a dossier: its name, who leads it, and where it is judged."""

    code: str
    name: str
    leader: str
    url: str


class OpenItem(NamedTuple):
    """A dossier of the list with its open criteria, by the department that leads them."""

    item: Item
    left: int
    by_leader: Mapping[str, list[Open]]


@pages.page("/appraisals", access=APPRAISERS)
def appraisals_page() -> ResponseReturnValue:
    """Show the criteria that are not concluded on yet: a department's own, or those of all departments."""
    actor, sent = signed.require_person().actor, request.args
    own = offices_of(actor.grants, g.today).departments
    asked = sent.get("department", "")
    chosen = own or (frozenset({asked}) if asked in departments() else frozenset())
    criterion, wanted = sent.get("criterion", ""), sent.get("q", "")[:LONGEST]
    wish = Asked(criteria_of(chosen), criterion, wanted, page_in(sent))
    found = appraisals(database.reader(), actor, g.today, wish)
    kept = {"department": asked if asked and not own else "", "q": wanted}
    return render_template(
        "desk/appraisals.html",
        found=found,
        items=_items(found.rows),
        tabs=_tabs(found, criterion, kept),
        wanted=wanted,
        criterion=criterion,
        asked=asked,
        offices=[] if own else [(code, department(code)) for code in departments()],
        names=[department(code) for code in sorted(chosen)],
        previous=_page(kept, criterion, found.page - 1) if found.page > 1 else "",
        following=_page(kept, criterion, found.page + 1) if found.page < found.pages else "",
    )


def _page(kept: Mapping[str, str], criterion: str, page: int = 1) -> str:
    said = {**kept, "criterion": criterion, "page": str(page) if page > 1 else ""}
    shown: dict[str, Any] = {name: value for name, value in said.items() if value}
    return url_for("desk.appraisals_page", **shown)


def _tabs(found: Appraisals, criterion: str, kept: Mapping[str, str]) -> list[tuple[str, str, bool, int]]:
    """The criteria that are open somewhere, each with in how many dossiers."""
    codes = sorted({*found.open_in, *({criterion} if criterion else ())}, key=in_order)
    listed = [
        (_named(code, found.sets), _page(kept, code), code == criterion, found.open_in.get(code, 0)) for code in codes
    ]
    return [(_("Tất cả"), _page(kept, ""), not criterion, found.all), *listed]


def _named(code: str, sets: Iterable[str]) -> str:
    """A criterion by its code and the name that it has in the sets in use."""
    listed = (criterion for key in sets for criterion in criteria_sets()[key].criteria if criterion.code == code)
    names = dict.fromkeys(in_language(one.name_vi, one.name_en) for one in listed)
    return f"{code}. {' / '.join(names)}" if names else code


def _items(rows: Iterable[ToConclude]) -> list[OpenItem]:
    listed = list(rows)
    items = items_of(tuple(one.line for one in listed), lambda _line: "")
    return [
        OpenItem(item, len(one.criteria), _by_leader(_open(one, code) for code in one.criteria))
        for item, one in zip(items, listed, strict=True)
    ]


def _by_leader(criteria: Iterable[Open]) -> dict[str, list[Open]]:
    found: dict[str, list[Open]] = {}
    for one in criteria:
        found.setdefault(one.leader, []).append(one)
    return found


def _open(row: ToConclude, code: str) -> Open:
    found = criteria_sets()[row.set_key]
    criterion = found.criterion(code)
    url = url_for("desk.criterion_page", dossier_id=row.line.id, criterion=code)
    return Open(code, in_language(criterion.name_vi, criterion.name_en), department(found.leader_of(code)), url)
