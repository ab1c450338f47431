"""Which passwords may be chosen: none that everybody tries first, with every reason said at once."""

import pytest

from casework import passwords
from casework.errors import Refused
from practice.accounts import PASSWORD as PRACTICE_PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        PRACTICE_PASSWORD,
        PRACTICE_PASSWORD.upper() + "!!",
        "matkhau123",
        "Mật Khẩu@2025",
        "P@ssw0rd12345",
        "@dm1n@dm1n2024",
        "Caobang2025",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abababababab",
        "0912345678",
        "!!! 2025 !!!",
        "password password",
        "Matkhaumatkhau1",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    assert "person.password_common" in {one.code for one in passwords.faults(password, "xa1.canbo")}


@pytest.mark.parametrize(
    "password", ["Bốn con bò gặm cỏ", "thuyen-buom-do-tren-song", "Kx7!pq-vĩnh-long", "tomorrow it rains"]
)
def test_a_password_that_only_its_owner_knows_is_taken(password: str) -> None:
    assert passwords.faults(password, "xa1.canbo") == []
    assert passwords.verify(passwords.choose(password, "xa1.canbo"), password)


def test_every_fault_of_a_password_is_said_at_once() -> None:
    with pytest.raises(Refused) as caught:
        passwords.choose("xa1", "xa1")
    codes = [one.code for one in caught.value.refusals]
    assert codes == ["person.password_short", "person.password_common", "person.password_has_login"]
    assert [one.code for one in passwords.faults("xa" * 101, "canbo")] == [
        "person.password_long",
        "person.password_common",
    ]
