"""The check of a decision by its number: what it is and whether it holds."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField

from blueprints import database
from blueprints.access import SHARED
from blueprints.forms import OPTIONAL, YearField, at_most
from blueprints.register.base import pages
from models.keys import read_number
from queries.titles import Found, decisions


class NumberForm(Form):
    """The number of a decision, and the year in which it was signed where several bear it."""

    number = StringField(_l("Số quyết định"), [at_most(200)])
    year = YearField(_l("Năm ký"), [OPTIONAL])


@pages.page("/register/decisions", access=SHARED)
def decisions_page() -> ResponseReturnValue:
    """Show what a decision is and whether it holds; ask for the year when several bear its number."""
    form = NumberForm(request.args)
    if not request.args.get("number", "").strip():
        return _page(NumberForm())
    read = read_number(form.number.data or "")
    if not form.validate() or read is None:
        if not form.errors:
            form.number.errors = [_("Hãy nhập cả con số, ví dụ 46/QĐ-UBND.")]
        return _page(form), 422
    year = form.year.data or read.year
    possible = min(max(year, 1), 9999) if year is not None else None
    found = decisions(database.reader(), read, possible, g.today)
    return _page(form, found, asked=True)


def _page(form: NumberForm, found: tuple[Found, ...] = (), *, asked: bool = False) -> str:
    choices = _choices(found)
    shown = () if len(choices) > 1 else found
    return render_template("register/decisions.html", form=form, found=shown, choices=choices, asked=asked)


def _choices(found: tuple[Found, ...]) -> dict[tuple[str, int], str]:
    """The decisions that were found by number and year, with the address of each."""
    named = {(one.name, one.signed_on.year) for one in found}
    return {
        (name, year): url_for("register.decisions_page", number=name, year=year)
        for name, year in sorted(named, key=lambda one: (-one[1], one[0]))
    }
