"""The page of the components: there for whoever builds pages, and nowhere else."""

from pathlib import Path

import pytest

from app import create_app
from settings import SettingsError, load
from tests.client import Browser


def open_house(sqlite_url: str, folder: Path, **more: str) -> Browser:
    return Browser(create_app(load({"INSTANCE_PATH": str(folder), "DATABASE_URL": sqlite_url, **more})))


def close_house(browser: Browser) -> None:
    browser.app.extensions["engine"].dispose()


def test_every_component_is_shown_in_development(sqlite_url: str, tmp_path: Path) -> None:
    browser = open_house(sqlite_url, tmp_path, DEVELOPMENT="1")
    page = browser.get("/design")
    assert page.h1 == ["Bộ giao diện"]
    assert {"d-title", "d-posted", "d-indicators"} <= set(page.ids)
    close_house(browser)


@pytest.mark.parametrize("more", [{}, {"PRACTICE": "0", "SECRET_KEY": "k" * 64}])
def test_there_is_no_such_page_otherwise(sqlite_url: str, tmp_path: Path, more: dict[str, str]) -> None:
    browser = open_house(sqlite_url, tmp_path, **more)
    browser.get("/design", 404)
    close_house(browser)


def test_development_is_refused_over_real_data(tmp_path: Path) -> None:
    real = {"PRACTICE": "0", "SECRET_KEY": "k" * 64, "INSTANCE_PATH": str(tmp_path)}
    with pytest.raises(SettingsError, match="DEVELOPMENT"):
        load(real | {"DEVELOPMENT": "1"})
