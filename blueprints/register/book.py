"""The book of recognitions: the list, one entry, and one unit with its titles and history."""

from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, SearchField, SelectField

from blueprints import database
from blueprints.access import SHARED
from blueprints.face import word
from blueprints.forms import choices_of
from blueprints.incoming import page_in
from blueprints.register.base import pages
from casework.errors import NotFound
from queries.register import Book, Wanted, book
from queries.titles import title_page, unit_page
from workflow.names import Level


class BookForm(Form):
    """What narrows the book; whatever is no choice narrows nothing."""

    q = SearchField(_l("Tên xã hoặc số quyết định"))
    level = SelectField(_l("Mức công nhận"), validate_choice=False)
    year = SelectField(_l("Năm công nhận"), validate_choice=False)
    place = SelectField(_l("Huyện, tỉnh"), validate_choice=False)


NAMES = frozenset({"q", "level", "year", "place"})


@pages.page("/register", access=SHARED)
def book_page() -> ResponseReturnValue:
    """Show the recognised units; find some by name with or without marks, level, year and place."""
    wanted = _wanted()
    found = book(database.reader(), wanted, g.today)
    return render_template(
        "register/book.html",
        form=_form(found),
        found=found,
        wanted=wanted,
        previous=_at(found.page - 1) if found.page > 1 else "",
        following=_at(found.page + 1) if found.page < found.pages else "",
    )


@pages.page("/register/<int:title_id>", access=SHARED)
def title(title_id: int) -> ResponseReturnValue:
    """Show one title: named then and now, which decision gave it, whether it holds, the unit's history."""
    found = title_page(database.reader(), title_id, g.today)
    if found is None:
        raise NotFound(f"title {title_id}")
    return render_template("register/title.html", found=found, title=found.title)


@pages.page("/register/units/<int:unit_id>", access=SHARED)
def unit(unit_id: int) -> ResponseReturnValue:
    """Show one commune: whether it is recognised, its titles, and those of the units before it."""
    found = unit_page(database.reader(), unit_id, g.today)
    if found is None:
        raise NotFound(f"unit {unit_id}")
    ended = found.unit.valid_to is not None and found.unit.valid_to < g.today
    return render_template("register/unit.html", found=found, unit=found.unit, ended=ended)


def _wanted() -> Wanted:
    asked = request.args
    level = asked.get("level", "")
    return Wanted(
        words=asked.get("q", "")[:100],
        level=level if level in set(Level) else "",
        year=asked.get("year", type=int),
        place=asked.get("place", "")[:200],
        page=page_in(asked),
    )


def _form(found: Book) -> BookForm:
    form = BookForm(MultiDict(request.args))
    form.level.choices = choices_of({"": _l("Tất cả")} | {one.value: word("levels", one.value) for one in Level})
    form.year.choices = choices_of({"": _l("Tất cả")} | {str(year): str(year) for year in found.years})
    form.place.choices = choices_of({"": _l("Tất cả")} | {place: place for place in found.places})
    return form


def _at(page: int) -> str:
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value and name in NAMES}
    return url_for("register.book_page", page=page, **kept)
