"""Who may not, and why: each refusal code of the policy with a person who meets it and one who may."""

from dataclasses import dataclass, field

from tests.builders import DAY, TODAY, actor, past
from workflow.facts import Actor, Past
from workflow.names import EventType, Role

OFFICER, CHAIRMAN, REVIEWER = Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIRMAN, Role.DISTRICT_REVIEWER


@dataclass(frozen=True)
class Denial:
    """One reason why somebody may not take an action, and somebody else who may."""

    code: str
    state: str
    action: str
    actor: Actor
    told: dict[str, str | tuple[str, ...]]
    allowed: Actor
    history: tuple[Past, ...] = field(default=())


SUBMITTED = (past(EventType.SUBMITTED, person_id=7),)
DENIALS = [
    Denial("policy.role", "commune_ready", "submit", actor(OFFICER), {"roles": ("commune_chairman",)}, actor(CHAIRMAN)),
    Denial("policy.role", "commune_ready", "submit", actor(), {"roles": ("commune_chairman",)}, actor(CHAIRMAN)),
    Denial(
        "policy.expired",
        "commune_ready",
        "submit",
        actor(CHAIRMAN, valid_to=TODAY - DAY),
        {"roles": ("commune_chairman",)},
        actor(CHAIRMAN, valid_to=TODAY),
    ),
    Denial(
        "policy.expired",
        "commune_ready",
        "submit",
        actor(CHAIRMAN, valid_from=TODAY + DAY),
        {"roles": ("commune_chairman",)},
        actor(CHAIRMAN, valid_from=TODAY),
    ),
    Denial(
        "policy.reach",
        "commune_ready",
        "submit",
        actor(CHAIRMAN, unit_id=101),
        {"unit": "Nam Tuấn"},
        actor(CHAIRMAN, unit_id=100),
    ),
    Denial(
        "policy.reach",
        "district_received",
        "accept_for_verification",
        actor(REVIEWER, unit_id=11),
        {"unit": "Nam Tuấn"},
        actor(REVIEWER, unit_id=10),
    ),
    Denial(
        "policy.same_person",
        "district_received",
        "accept_for_verification",
        actor(REVIEWER, person_id=7),
        {"event": "submitted"},
        actor(REVIEWER, person_id=8),
        SUBMITTED,
    ),
]
SIGNING_CODES = {"signature.of_another", "signature.own_seal"}
POLICY_CODES = {denial.code for denial in DENIALS} | {"policy.not_now", "policy.not_then"} | SIGNING_CODES
