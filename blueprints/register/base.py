"""What the public pages share: one blueprint, the language in the address, and what a standing looks like."""

from typing import Any

from blueprints.access import Pages
from blueprints.face import lang
from queries.register import Standing

pages = Pages("register", __name__)

LOOK_OF_STANDING = {
    Standing.VALID: ("final", ""),
    Standing.REPLACED: ("neutral", "dash"),
    Standing.REVOKED: ("bad", ""),
    Standing.MERGED: ("warning", "info"),
    Standing.ENDED: ("neutral", "dash"),
}


@pages.url_defaults
def keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    """Carry English on in the addresses: these pages are the same for everybody, so no session remembers it."""
    if lang() == "en":
        values.setdefault("lang", "en")


@pages.app_template_global()
def look_of_standing(standing: Standing) -> tuple[str, str]:
    """The tone and the shape in which a standing is shown."""
    return LOOK_OF_STANDING[standing]


@pages.app_template_filter()
def inside(names: str) -> str:
    """Names of units as they stand inside a sentence: huyện Hòa An, tỉnh Cao Bằng."""
    return ", ".join(name[:1].lower() + name[1:] for name in names.split(", "))
