"""Pictures of the ten pages that matter most, on a desk and on a phone, each as somebody sees it in practice.

`script/screenshots` runs it. With --readme, four of them are made small and put beside the README.
"""

import argparse
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from settings import ROOT
from tests.browser.house import House
from tests.browser.machine import launch_options
from tests.browser.people import Person, Watch
from tests.provinces import province

FOLDER, SMALL = ROOT / "screenshots", ROOT / "docs" / "pictures"
SCREENS = {"desk": ViewportSize(width=1280, height=860), "phone": ViewportSize(width=390, height=844)}
WIDTHS = {"desk": 900, "phone": 300}
MOST_BYTES = 60_000


class Page(NamedTuple):
    """A page to take: who sees it, and how they come to it from their first page."""

    login: str
    come: Callable[[Person], None] = lambda _person: None


def follow(*names: str, start: str = "") -> Callable[[Person], None]:
    """A way along links, each by words of it."""

    def come(person: Person) -> None:
        if start:
            person.go(start)
        for name in names:
            with person.page.expect_navigation():
                person.page.locator("main a, .site-nav a").filter(has_text=name).first.click()

    return come


PAGES = {
    "sign-in": Page("", follow(start="/sign-in")),
    "inbox": Page("huyen1.thamtra"),
    "dossier": Page("xa1.canbo", follow("Xã Nam Tuấn")),
    "criterion": Page("xa1.canbo", follow("Xã Nam Tuấn", "2. Giao thông")),
    "verification": Page("huyen1.thamtra", follow("Xã Hồng Việt", "2. Giao thông")),
    "dossiers": Page("thanhtra", follow("Hồ sơ")),
    "session": Page("hoidong.thuky", follow("Phiên họp Hội đồng", "Phiên họp ngày")),
    "signing": Page("tinh.chutich", follow("Xã", "Ký quyết định công nhận", start="/?state=recommended")),
    "register": Page("", follow(start="/register")),
    "users": Page("quantri", follow("Quản trị")),
}
README = (("dossier", "desk"), ("verification", "desk"), ("criterion", "phone"), ("inbox", "phone"))


def main() -> None:
    """Build a province, open it and take the pictures."""
    asked = argparse.ArgumentParser(prog="script/screenshots", description=__doc__)
    asked.add_argument("--readme", action="store_true", help="also renew the four pictures of the README")
    renew = asked.parse_args().readme
    with tempfile.TemporaryDirectory(prefix="instance-pictures-") as folder, sync_playwright() as playwright:
        house = House(province(Path(folder), "three-tier"), "three-tier")
        house.start()
        browser = playwright.chromium.launch(**launch_options())
        try:
            for screen in SCREENS:
                take_all(browser, house, screen)
        finally:
            browser.close()
            house.stop()
    if renew:
        for name, screen in README:
            shrink(name, screen)


def take_all(browser: Browser, house: House, screen: str) -> None:
    """Take every page on one screen: what is seen first, and the whole."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        context = browser.new_context(viewport=SCREENS[screen], locale="vi-VN", reduced_motion="reduce")
        person = Person(house, context, context.new_page(), Watch(house.url))
        if page.login:
            person.enter(page.login)
        page.come(person)
        person.page.screenshot(path=FOLDER / f"{name}-{screen}.png")
        whole = person.page.evaluate("document.documentElement.scrollHeight")
        person.page.set_viewport_size({**SCREENS[screen], "height": whole})
        person.page.screenshot(path=FOLDER / f"{name}-{screen}-whole.png")
        context.close()
        print(FOLDER / f"{name}-{screen}.png")


def shrink(name: str, screen: str) -> None:
    """Put a picture beside the README, small enough for a weak line."""
    picture = Image.open(FOLDER / f"{name}-{screen}.png").convert("RGB")
    width = WIDTHS[screen]
    small = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    small.save(kept, "WEBP", quality=82, method=6)
    if kept.tell() > MOST_BYTES:
        raise ValueError(f"{name}-{screen} weighs {kept.tell()} bytes, more than {MOST_BYTES}")
    SMALL.mkdir(parents=True, exist_ok=True)
    (SMALL / f"{name}-{screen}.webp").write_bytes(kept.getvalue())


if __name__ == "__main__":
    main()
