"""Who may do what: grants, reach and separation of duties. What is not granted is refused, and the refusal says why."""

from collections.abc import Iterable, Mapping
from datetime import date

from workflow.facts import Actor, Grant, Past, Standing, Unit
from workflow.names import EventType, Reach, Role, SigningPart, Tier, Work
from workflow.procedure import Action, Procedure
from workflow.refusal import Refusal, refuse

SUBMISSIONS = (EventType.SUBMITTED, EventType.RESUBMITTED)
SUBMITTED_TO: Mapping[Tier, tuple[EventType, ...]] = {
    Tier.DISTRICT: SUBMISSIONS,
    Tier.PROVINCE: (*SUBMISSIONS, EventType.FORWARDED, EventType.REVOCATION_SUBMITTED),
}
"""What brought a dossier up to a tier from one below it: whoever did so fills in nothing of it there."""

SIGNERS: Mapping[SigningPart, tuple[Role, ...]] = {
    SigningPart.SIGNER: (Role.PROVINCIAL_CHAIRMAN,),
    SigningPart.SEAL: (Role.RECORDS_CLERK,),
}
PAPER_KEEPERS = frozenset({Role.RECORDS_CLERK, Role.COMMUNE_OFFICER, Role.DISTRICT_REVIEWER})
"""The offices that do the clerk's work of their body: they send papers out and keep the outgoing register."""

REACH_OF_ROLE = {
    Role.HAMLET_HEAD: Reach.OWN,
    Role.COMMUNE_OFFICER: Reach.OWN,
    Role.COMMUNE_FRONT: Reach.OWN,
    Role.COMMUNE_CHAIRMAN: Reach.OWN,
    Role.DISTRICT_REVIEWER: Reach.BELOW,
    Role.DISTRICT_CHAIRMAN: Reach.BELOW,
    Role.DEPARTMENT_OFFICER: Reach.BELOW,
    Role.DEPARTMENT_REVIEWER: Reach.BELOW,
    Role.COUNCIL_SECRETARY: Reach.BELOW,
    Role.COUNCIL_MEMBER: Reach.BELOW,
    Role.PROVINCIAL_CHAIRMAN: Reach.BELOW,
    Role.RECORDS_CLERK: Reach.BELOW,
    Role.ADMINISTRATOR: Reach.BELOW,
    Role.INSPECTOR: Reach.ALL,
}


def reaches_unit(grant: Grant, unit: Unit, reach: Reach) -> bool:
    """Whether an office reaches a unit: its own, one below its own, or any."""
    if reach is Reach.ALL:
        return True
    if reach is Reach.OWN:
        return grant.unit_id == unit.id
    return grant.unit_id == unit.id or grant.unit_id in unit.above


def grant_for(
    actor: Actor, roles: Iterable[Role], reach: Reach, standing: Standing, signed_on: date | None = None
) -> Grant | Refusal:
    """The first office within reach that is held today and on the day of signing, or the reason why there is none."""
    held = [grant for grant in actor.grants if grant.role in roles]
    if not held:
        return refuse("policy.role", roles=tuple(roles))
    current = [grant for grant in held if grant.holds_on(standing.today)]
    if not current:
        return refuse("policy.expired", roles=tuple(grant.role for grant in held))
    near = [grant for grant in current if reaches_unit(grant, standing.unit, reach)]
    if not near:
        return refuse("policy.reach", unit=standing.unit.name)
    if signed_on is None:
        return near[0]
    held_then = (grant for grant in near if grant.holds_on(signed_on))
    return next(held_then, None) or refuse("policy.not_then", roles=(near[0].role,), on=signed_on)


def may_act(action: Action, actor: Actor, standing: Standing, signed_on: date | None = None) -> Grant | Refusal:
    """Whether this person may take this action on this dossier, and in which office, held on the day of signing too."""
    found = grant_for(actor, action.by, action.reach, standing, signed_on)
    if isinstance(found, Refusal):
        return found
    return _own_deed(actor, standing, action.not_same_person_as) or found


def _own_deed(actor: Actor, standing: Standing, events: Iterable[EventType]) -> Refusal | None:
    """The refusal of somebody who took one of these steps of the dossier."""
    own = (past.type for past in standing.history if past.person_id == actor.person_id and past.type in events)
    done = next(own, None)
    return refuse("policy.same_person", event=done) if done else None


def may_work(procedure: Procedure, work: Work, actor: Actor, standing: Standing) -> Grant | Refusal:
    """Whether this person may fill in this part of the dossier in its present state, and in which office.

    Whoever submitted the dossier to this tier, or to one below it, fills in nothing of it here.
    """
    roles = procedure.states[standing.state].work.get(work)
    if not roles:
        return refuse("policy.not_now", state=standing.state)
    refusals: list[Refusal] = []
    for role in roles:
        found = grant_for(actor, (role,), REACH_OF_ROLE[role], standing)
        if isinstance(found, Grant):
            return _own_deed(actor, standing, SUBMITTED_TO.get(role.tier, ())) or found
        refusals.append(found)
    nearest = [refusal for refusal in refusals if refusal.code != "policy.role"]
    return nearest[0] if nearest else refuse("policy.role", roles=roles)


def departments_of(actor: Actor, standing: Standing) -> frozenset[str]:
    """The departments for which a person appraises a dossier today: somebody may do so for several."""
    reach = REACH_OF_ROLE[Role.DEPARTMENT_REVIEWER]
    held = (grant for grant in actor.grants if grant.role is Role.DEPARTMENT_REVIEWER)
    current = (grant for grant in held if grant.holds_on(standing.today) and reaches_unit(grant, standing.unit, reach))
    return frozenset(grant.department for grant in current if grant.department)


def brought_to(tier: Tier, history: Iterable[Past]) -> frozenset[int]:
    """Who brought a dossier up to a tier from one below it."""
    return frozenset(past.person_id for past in history if past.type in SUBMITTED_TO[tier])


def may_sign(part: SigningPart, signer_id: int, unit_id: int, actor: Actor, today: date) -> Grant | Refusal:
    """Whether this person may put a signature on a numbered paper of a unit.

    The signer's own is for whoever decided, still in office; the seal is for the records clerk of the issuing unit, and
    never for whoever signs the paper, in whatever offices.
    """
    roles = SIGNERS[part]
    held = [grant for grant in actor.grants if grant.role in roles and grant.unit_id == unit_id]
    if not held:
        return refuse("policy.role", roles=roles)
    current = [grant for grant in held if grant.holds_on(today)]
    if not current:
        return refuse("policy.expired", roles=roles)
    if part is SigningPart.SIGNER and actor.person_id != signer_id:
        return refuse("signature.of_another")
    if part is SigningPart.SEAL and actor.person_id == signer_id:
        return refuse("signature.own_seal")
    return current[0]


def keeps_papers_of(unit_id: int, actor: Actor, today: date) -> bool:
    """Whether this person sends out the papers of a unit and enters them in its register; its head only signs them."""
    return any(
        grant.role in PAPER_KEEPERS and grant.unit_id == unit_id and grant.holds_on(today) for grant in actor.grants
    )


def sees(grant: Grant, unit: Unit) -> bool:
    """Whether an office sees the dossiers of a unit at all; outside it a dossier does not exist for the reader."""
    return reaches_unit(grant, unit, REACH_OF_ROLE[grant.role])


def may_see(actor: Actor, unit: Unit, today: date) -> bool:
    """Whether a person sees the dossiers of a unit today, in an office that is held today."""
    return any(grant.holds_on(today) and sees(grant, unit) for grant in actor.grants)
