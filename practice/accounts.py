"""The accounts that a practice province shows on its sign-in page: one for every office, all with one password."""

from dataclasses import dataclass

from practice.material import material
from queries.wording import department_name, label
from workflow.names import Role

PASSWORD: str = material("accounts")["password"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to be in practice: an invented person in an office of a real unit."""

    login: str
    name_vi: str
    role: Role
    unit_vi: str
    unit_code: str
    department: str | None = None
    wording: str = ""
    council_post: str = ""

    @property
    def role_vi(self) -> str:
        """The office in Vietnamese."""
        return label("roles", self.role, "vi")

    @property
    def role_en(self) -> str:
        """The office in English."""
        return label("roles", self.role, "en")

    @property
    def what_vi(self) -> str:
        """What this account can do, in Vietnamese."""
        return label("duties", self.role, "vi")

    @property
    def what_en(self) -> str:
        """What this account can do, in English."""
        return label("duties", self.role, "en")


def accounts_of(scenario: str) -> tuple[Account, ...]:
    """The accounts of a scenario; where there are no districts, nobody sits in one."""
    listed, places = material("accounts")["accounts"], material("accounts")["places"][scenario]
    return tuple(_account(row, places[row["place"]]) for row in listed if row["place"] in places)


def _account(row: dict[str, str], place: dict[str, str]) -> Account:
    department, role = row.get("department"), Role(row["role"])
    return Account(
        login=row["login"],
        name_vi=row["name"],
        role=role,
        unit_vi=department_name(department, "vi") if department else place["name"],
        unit_code=place["code"],
        department=department,
        wording=row.get("wording", ""),
        council_post=row.get("post", ""),
    )


ACCOUNTS = accounts_of("three-tier")
