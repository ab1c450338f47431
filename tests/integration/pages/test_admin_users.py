"""The administrator's pages of people and their offices."""

from typing import Any

import pytest

from tests import world
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLERK = f"p{world.PERSON[Role.RECORDS_CLERK]}"


@ON_SQLITE
def test_people_are_listed_with_their_offices_and_found_by_login(enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    assert "Chủ tịch UBND tỉnh, Tỉnh Cao Bằng" in browser.get("/admin/users").text
    found = browser.get(f"/admin/users?q={CLERK}")
    assert "1 người" in found.text
    assert "Không tìm thấy ai" in browser.get("/admin/users?q=khong-co").text


@ON_SQLITE
def test_the_pages_of_the_administrator_are_closed_to_other_offices(enter: Any) -> None:
    enter(Role.INSPECTOR).get("/admin/users")
    enter(Role.PROVINCIAL_CHAIRMAN).get("/admin/users", 403)
