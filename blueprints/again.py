"""What is sent when the session has run out is not lost: the same person signs in again, and it goes on.

Every page carries a token against forged forms that is signed and names the person for whom the page was made. So a
form that comes in without a session, or under a session that began since, says itself whose it is, and a forged one
says nothing. It is answered by a page that keeps all that was typed and asks for the password; that page sends
everything once more to the same address, together with the password, and is then handled as if it had been sent so at
first. A script (`X-Requested-With: fetch`) is told where to sign in again, and sends once more by itself.
"""

from secrets import token_urlsafe
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user
from itsdangerous import BadData, URLSafeTimedSerializer

from blueprints import database, signed
from blueprints.forgery import bare
from casework import clock, signing_in
from casework.second_factor import Code
from casework.signing_in import Browser, Entered, Outcome

TOKEN = "csrf_token"  # noqa: S105 - the name of a field
PAGE, LOGIN, PASSWORD, CODE = "again_page", "again_login", "again_password", "again_code"
OURS = frozenset({TOKEN, PAGE, LOGIN, PASSWORD, CODE})
CODE_OUTCOMES = frozenset({Outcome.CODE_WANTED, Outcome.CODE_WRONG})
JSON_PAGE = "auth.sign_in_again"


def by_script() -> bool:
    """Whether a script of ours asks, to which a page would be of no use."""
    return request.headers.get("X-Requested-With") == "fetch"


def maker_of(token: str) -> str:
    """The login of the person for whom the page with this token was made; "" for nobody's, or one that is not ours."""
    return _read(token).partition(".")[2]


def is_ours(token: str) -> bool:
    """Whether a token stood in a page of ours, for whomever it was made."""
    return bool(_read(token))


def _read(token: str) -> str:
    signer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    try:
        return str(signer.loads(token))
    except BadData:
        return ""


def token_sent() -> str:
    """The token that came with this request, in its form or in its header."""
    return bare(str(request.form.get(TOKEN) or request.headers.get("X-CSRFToken") or ""))


def begin(secret: str) -> None:
    """Let this browser be the person of a session; of what stood in its cookie before only the language lives on."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    user = signed.load(secret)
    if user is not None:
        session[TOKEN] = f"{token_urlsafe(24)}.{user.person.login}"
        g.pop(TOKEN, None)  # the one of this request was made for whoever asked before
        login_user(user)


def browser() -> Browser:
    """From where this request comes."""
    return Browser(request.remote_addr or "", request.user_agent.string)


def code(typed: str) -> Code:
    """A code of the second factor as it was typed just now; the telephone counts by the real time."""
    return Code(typed, clock.real_now())


def try_to_enter(login: str, password: str, typed_code: str) -> Entered:
    """Sign in by name, password and code; the outcome, and the secret of the session that began."""
    tried = signing_in.check(database.reader(), login, password, browser())
    with database.act() as connection:
        return signing_in.enter(connection, tried, code(typed_code), g.now)


def confirm(password: str, typed_code: str) -> Outcome:
    """Whether it is really the person signed in who asks; the try is kept before the act for which it is asked."""
    login, engine = signed.require_person().login, current_app.extensions["engine"]
    return signing_in.confirm(engine, login, password, code(typed_code), browser(), g.now)


def say(outcome: Outcome) -> str:
    """Why somebody was not let in, as a sentence that says what to do."""
    if outcome is Outcome.LOCKED:
        minutes = int(signing_in.LOCK_FOR.total_seconds() // 60)
        return _(
            "Nhập sai quá nhiều lần. Hãy chờ %(minutes)s phút rồi thử lại, "
            "hoặc nhờ cán bộ quản trị mở khóa hay cấp đường dẫn đặt lại mật khẩu.",
            minutes=minutes,
        )
    if outcome is Outcome.CODE_WANTED:
        return _("Hãy nhập mã 6 số đang hiện trên điện thoại, hoặc một mã dự phòng.")
    if outcome is Outcome.CODE_WRONG:
        return _("Mã không đúng hoặc đã dùng rồi. Hãy chờ điện thoại hiện mã mới, hoặc dùng một mã dự phòng.")
    return _("Tên đăng nhập hoặc mật khẩu không đúng.")


def ask_to_sign_in() -> ResponseReturnValue:
    """The way to the sign-in page, and from there back to a page that was only looked at; nothing sent is lost."""
    if request.method == "POST" or by_script():
        return ask_maker() or redirect(url_for("auth.sign_in"), 303)
    wanted = request.full_path.rstrip("?") if request.path != "/" else None
    return redirect(url_for("auth.sign_in", next=wanted))


def ask_maker() -> ResponseReturnValue | None:
    """The page or the answer that asks the maker of a form to sign in again; None when the form is nobody's."""
    login = maker_of(token_sent())
    if by_script():
        return {"again": url_for(JSON_PAGE), "login": login}, 401
    return (_page(login, token_sent()), 401) if login else None


def take_up() -> ResponseReturnValue | None:
    """Sign in whoever sends a form once more with the password; None lets the request go on to its page.

    Asked before every page that not everybody may open, once the form's token was checked.
    """
    if request.method != "POST" or PASSWORD not in request.form:
        return None
    page, login = request.form.get(PAGE, ""), request.form.get(LOGIN, "")
    entered = try_to_enter(login, request.form[PASSWORD], request.form.get(CODE, ""))
    if entered.secret is None:
        return _page(maker_of(page), page, login, entered.outcome), 422
    begin(entered.secret)
    if signing_in.login_of(login) == maker_of(page):
        return None
    flash(_("Nội dung vừa rồi do một tài khoản khác nhập nên không được gửi."), "warning")
    return redirect("/", 303)


def _page(maker: str, token: str, login: str | None = None, outcome: Outcome = Outcome.RIGHT) -> str:
    kept = [(name, value) for name, value in request.form.items(multi=True) if _is_kept(name)]
    files = [(name, file.filename) for name, file in request.files.items(multi=True) if file.filename]
    shown: dict[str, Any] = {
        "maker": maker,
        "token": token,
        "login": maker if login is None else login,
        "fault": "" if outcome is Outcome.RIGHT else say(outcome),
        "with_code": outcome in CODE_OUTCOMES,
        "kept": kept,
        "files": files,
        "address": request.full_path.rstrip("?"),
    }
    return render_template("auth/again.html", **shown)


def _is_kept(name: str) -> bool:
    """Whether a field is carried over; a password never stands in a page."""
    return name not in OURS and not name.endswith("password")
