"""What every page shows around its content: the person, the navigation, the language; and the words in it."""

from datetime import date
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, session, url_for
from flask_babel import Babel, gettext, ngettext, refresh
from flask_babel import lazy_gettext as _l

from blueprints import signed
from queries.dossiers import ENDINGS
from queries.sessions import SignedIn
from queries.wording import LANGUAGES, department_name, label, words
from workflow.names import Role
from workflow.policy import PAPER_KEEPERS
from workflow.policy import SIGNERS as SIGNING_OFFICES
from workflow.written import format_number, percent

STATIC = Path(__file__).parents[1] / "static"
OPENERS = frozenset({Role.COMMUNE_OFFICER})
SITTING = frozenset({Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER, Role.PROVINCIAL_CHAIRMAN, Role.INSPECTOR})
SIGNERS_OF_PAPERS = frozenset(role for roles in SIGNING_OFFICES.values() for role in roles)
APPRAISERS = frozenset({Role.DEPARTMENT_REVIEWER, Role.DEPARTMENT_OFFICER, Role.INSPECTOR})
SIGNERS = frozenset({Role.PROVINCIAL_CHAIRMAN})
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.INSPECTOR})
NAVIGATION: tuple[tuple[Any, str, frozenset[Role] | None], ...] = (  # words, page, and the offices it is offered to
    (_l("Việc cần làm"), "desk.inbox_page", None),
    (_l("Hồ sơ"), "desk.dossiers_page", None),
    (_l("Lập hồ sơ"), "desk.open_page", OPENERS),
    (_l("Chờ quyết định"), "desk.signing_page", SIGNERS),
    (_l("Tiêu chí chờ kết luận"), "desk.appraisals_page", APPRAISERS),
    (_l("Phiên họp Hội đồng"), "council.sessions_page", SITTING),
    (_l("Ký số"), "signing.signing_page", SIGNERS_OF_PAPERS),
    (_l("Văn bản đi"), "outgoing.waiting_page", PAPER_KEEPERS),
    (_l("Văn bản đi"), "outgoing.register_page", frozenset({Role.INSPECTOR})),
    (_l("Quản trị"), "admin.users_page", KEEPERS),
)


def prepare(app: Flask) -> None:
    """Set up the languages and what the templates of every page can use."""
    translations = str(Path(__file__).parents[1] / "translations")
    Babel(app, default_locale="vi", default_translation_directories=translations, locale_selector=language)
    app.jinja_env.globals.update(static_url=static_url, script_map=script_map)
    app.jinja_env.globals.update(word=word, department=department)
    app.jinja_env.globals.update(
        zip=zip, pairs_of=pairs_of, kind_of=kind_of, size_of=size_of, amount=amount, place_names=place_names
    )
    app.jinja_env.filters["item_name"] = item_name
    app.jinja_env.filters["written_day"] = written_day
    app.jinja_env.filters["with_others"] = with_others
    app.context_processor(around)


def language() -> str:
    """The language of this request: the person's, else that of the address or the cookie, else Vietnamese."""
    if "language" not in g:
        person = None if g.get("broken") else signed.person()
        wished = person.language if person else request.args.get("lang") or _kept_language()
        g.language = wished if wished in LANGUAGES else LANGUAGES[0]
    found: str = g.language
    return found


def _kept_language() -> str | None:
    return None if g.get("shared") else session.get("language")


def lang() -> str:
    """The language in which this page is written, "vi" or "en"."""
    known: str | None = g.get("language")
    return known or language()


def answer_in(wished: str | None) -> None:
    """Answer a form in the language in which it was opened, so that its figures say what they said there."""
    if wished in LANGUAGES and wished != lang():
        g.language = wished
        refresh()


def amount(number: int | str | Fraction) -> str:
    """A number as it is written in the language of the page."""
    return format_number(number, lang())


def share_of(part: int, whole: int) -> str:
    """A part of a whole as a percentage in the language of the page; "" of nothing."""
    return percent(part, whole, lang())


def with_others(unit_name: str, units: int) -> str:
    """The unit that a paper is about; of a decision on several units the first, and how many others there are."""
    if units < 2:
        return unit_name
    others = ngettext("và %(num)s đơn vị khác", "và %(num)s đơn vị khác", units - 1)
    return f"{unit_name} {others}"


def word(group: str, name: str) -> str:
    """The label of a name of a closed list, in the language of the page."""
    return label(group, name, lang())


def department(code: str) -> str:
    """The name of a provincial department, in the language of the page."""
    return department_name(code, lang())


def pairs_of(field: Any) -> list[tuple[Any, Any]]:
    """The choices of a form's field as values and labels."""
    return [(one.value, one.label) for one in field.choices]


def place_names(places: list[str]) -> str:
    """Where something was made public, in words."""
    return ", ".join(word("places", place) for place in places)


def item_name(code: str) -> str:
    """A part of a dossier by its name, an indicator by its code."""
    return f"{word('parts', code)} ({code})" if code in words()["parts"] else code


def written_day(text: str) -> str:
    """A day that was kept as 2026-01-05, as it is read: 05/01/2026."""
    return date.fromisoformat(text).strftime("%d/%m/%Y")


def in_language(vi: str, en: str) -> str:
    """Whichever of two texts is in the language of the page; Vietnamese where there is no English."""
    return (en or vi) if lang() == "en" else vi


def kind_of(media_type: str) -> str:
    """A file's kind in a few letters, such as PDF."""
    return ENDINGS.get(media_type, "").removeprefix(".").upper() or "?"


def size_of(size: int) -> str:
    """A file's size as it is read: 840 KB, 1,2 MB."""
    if size < 1024 * 1024:
        return f"{max(1, size // 1024)} KB"
    return f"{amount(f'{size / 1024 / 1024:.1f}')} MB"


@cache
def static_url(path: str) -> str:
    """The address of a static file with the hash of its content, so that browsers may keep it for good."""
    digest = sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


@cache
def script_map() -> dict[str, dict[str, str]]:
    """The address of each script by its name, for the scripts that import one another."""
    names = sorted(path.stem for path in (STATIC / "js").glob("*.js"))
    return {"imports": {name: static_url(f"js/{name}.js") for name in names}}


def around() -> dict[str, Any]:
    """What the frame of a page shows; nothing of a person when the database cannot be asked."""
    shown: dict[str, Any] = {"lang": lang(), "csp_nonce": g.get("nonce"), "now": g.get("local_now")}
    if current_app.config["PRACTICE"]:
        shown["practice_banner"] = gettext("Dữ liệu thực hành: đơn vị có thật, người và số liệu là giả định.")
    if g.get("broken"):
        return {**shown, "links": {}}
    if g.get("shared"):
        return {**shown, **_for_everybody()}
    person = signed.person()
    links = {"home": "/", "language": url_for("auth.choose_language"), "register": url_for("register.book_page")}
    if person is None:
        return {**shown, "links": {**links, "sign_in": url_for("auth.sign_in")}}
    shown["actor"] = _masthead(person)
    links |= {"account": url_for("auth.account"), "sign_out": url_for("auth.sign_out")}
    links["notices"] = url_for("notices.notices_page")
    shown["notice_count"] = person.unread
    nav = [] if person.must_set_up else _navigation(person.roles_on(g.today))
    return {**shown, "links": links, "nav": nav}


def _for_everybody() -> dict[str, Any]:
    """The frame of a page that is the same for everybody: the language stands in its address."""
    kept = {name: value for name, value in request.args.items() if name != "lang"}
    other = kept if lang() == "en" else {**kept, "lang": "en"}
    address = f"{request.path}?{urlencode(other)}" if other else request.path
    said = "?lang=en" if lang() == "en" else ""
    links = {"home": f"/{said}", "other_language": address, "sign_in": url_for("auth.sign_in") + said}
    items = [
        (gettext("Đơn vị đã công nhận"), "register.book_page"),
        (gettext("Kiểm tra quyết định"), "register.decisions_page"),
    ]
    nav = [(words, url_for(endpoint), request.endpoint == endpoint) for words, endpoint in items]
    return {"shared": True, "links": links, "nav": nav}


def _masthead(person: SignedIn) -> dict[str, str]:
    current = [office for office in person.offices if office.grant.holds_on(g.today)]
    if not current:
        return {
            "name": person.name,
            "login": person.login,
            "role_label": gettext("Chưa được giao nhiệm vụ"),
            "unit_name": "",
        }
    return {
        "name": person.name,
        "login": person.login,
        "role_label": word("roles", current[0].grant.role.value),
        "unit_name": current[0].unit_name,
    }


def _navigation(roles: frozenset[Role]) -> list[tuple[str, str, bool]]:
    """The entries of the navigation that these offices have, each with its address, and which one is open."""
    return [
        (str(words), url_for(endpoint), _is_here(endpoint))
        for words, endpoint, whose in NAVIGATION
        if whose is None or roles & whose
    ]


def _is_here(endpoint: str) -> bool:
    """Whether the page that is open is this one, or belongs to the same desk where that has an entry of its own."""
    desk = endpoint.split(".", maxsplit=1)[0]
    return request.endpoint == endpoint if desk == "desk" else request.blueprint == desk
