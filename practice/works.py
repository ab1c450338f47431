"""What each office fills in before its action: one preparation for each kind of work, through the doors of real work.

Every preparation does only what is missing, and says whether it did anything. With a share under 100 percent the work
is left half done, as on a desk in the middle of the day.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import select

from casework import checking, council, filing
from models.base import table_of
from models.council import AgendaItem, CouncilSession
from practice import assessing, consulting
from practice.company import Company
from practice.material import lot, material
from practice.scene import RETURNED, Scene
from workflow.guards import COMMUNE_PARTS
from workflow.names import Part, Role, Work

AGENDA, SESSION = table_of(AgendaItem), table_of(CouncilSession)
PARTS_AT: Mapping[str, tuple[Part, ...]] = {
    "self_assessing": (Part.RESULT_REPORT, Part.DEBT_REPORT, Part.PICTURES, Part.POLICE_CONFIRMATION),
    "public_comment": (Part.OPINIONS,),
    "surveying": (Part.SURVEY_REPORT,),
    "commune_vote": (Part.MINUTES,),
    "commune_ready": (Part.PROPOSAL,),
    "district_verifying": (Part.VERIFICATION_REPORT,),
    "department_verifying": (Part.VERIFICATION_REPORT,),
    "province_appraising": (Part.APPRAISAL_REPORT,),
}


def attach_part(scene: Scene, role: Role) -> bool:
    """File the parts that are made in this state, or those that a notice of return named."""
    if scene.state.name == RETURNED:
        parts = [Part(item) for item in scene.missing if item in set(Part)]
    else:
        parts = [part for part in PARTS_AT.get(scene.state.name, ()) if part not in scene.file.facts.parts]
    uploads = {part: scene.part(part) for part in parts} if scene.whole else {}
    if uploads:
        storage, person_id = scene.company.storage, scene.person(role)
        filing.attach_parts(scene.connection, storage, scene.dossier_id, uploads, person_id, scene.at)
    return bool(uploads)


def keep_checklist(scene: Scene, role: Role) -> bool:
    """Tick the parts; what the turn names is found incomplete."""
    ticked = scene.file.facts.checklists.get(scene.stage, {})
    note = material("texts")["incomplete"]
    checks = tuple(
        checking.PartCheck(part, part not in scene.turn.missing, note if part in scene.turn.missing else "")
        for part in scene.some_of(COMMUNE_PARTS)
        if not ticked.get(part) or part in scene.turn.missing
    )
    if checks:
        checking.check_parts(scene.connection, scene.dossier_id, checks, scene.person(role), scene.at)
    return bool(checks)


def state_debt(scene: Scene, role: Role) -> bool:
    """State that no construction debt is outstanding, with the report."""
    if scene.file.facts.debt is not None or scene.share < 50:
        return False
    paper = scene.keep(scene.part(Part.DEBT_REPORT))
    checking.state_debt(scene.connection, scene.dossier_id, 0, paper, scene.person(role), scene.at)
    return True


def confirm_security(scene: Scene, role: Role) -> bool:
    """State that the commune is not complex in security, with the police's confirmation."""
    if scene.file.facts.security is not None or not scene.whole:
        return False
    paper = scene.keep(scene.part(Part.POLICE_CONFIRMATION))
    person_id = scene.person(role)
    checking.confirm_security(scene.connection, scene.dossier_id, paper, person_id, scene.at, is_complex=False)
    return True


def check_field(scene: Scene, role: Role) -> bool:
    """Keep the day of the look on the spot."""
    if scene.file.facts.field_checked or scene.share < 50:
        return False
    day = max(scene.since, scene.today - timedelta(days=2))
    checking.check_field(scene.connection, scene.dossier_id, day, scene.person(role), scene.at)
    return True


def keep_council(scene: Scene, role: Role) -> bool:
    """Hold a session on the dossier: the one that has it on its agenda already, or a new one."""
    sitting = scene.file.facts.sitting
    if (sitting and sitting.held_on) or not scene.whole:
        return False
    secretary = scene.person(role)
    on_agenda = (
        select(SESSION.c.id)
        .join(AGENDA, AGENDA.c.session_id == SESSION.c.id)
        .where(AGENDA.c.dossier_id == scene.dossier_id, SESSION.c.closed_at.is_(None))
        .order_by(SESSION.c.id.desc())
    )
    session_id = scene.connection.execute(on_agenda).scalars().first()
    if session_id is None:
        place = material("texts")["meeting_places"][0]
        session_id = council.convene(
            scene.connection, scene.company.council_id, scene.today, place, (scene.dossier_id,), secretary, scene.at
        )
    hold_session(scene, session_id, {scene.dossier_id: not scene.turn.against})
    return True


def hold_session(scene: Scene, session_id: int, in_favour: Mapping[int, bool]) -> None:
    """Let the council sit: all but one are present, each votes on each dossier, the minutes are filed."""
    connection, secretary = scene.connection, scene.person(Role.COUNCIL_SECRETARY)
    present = _present(scene.company, session_id)
    council.open_session(connection, session_id, present, secretary, scene.at)
    for place, member in enumerate(present):
        choices = {dossier_id: "yes" if agreed or place % 3 == 0 else "no" for dossier_id, agreed in in_favour.items()}
        council.cast_ballots(connection, session_id, choices, member, scene.at)
    minutes = scene.keep(scene.part(Part.COUNCIL_MINUTES))
    council.close_session(connection, session_id, minutes, secretary, scene.at)


def _present(company: Company, session_id: int) -> tuple[int, ...]:
    absent = lot("absent", session_id).choice(company.members[:-1])
    return tuple(member for member in company.members if member != absent)


def cast_ballots(_scene: Scene, _role: Role) -> bool:
    """Nothing by itself: the ballots are cast while the session is held."""
    return False


PREPARE: Mapping[Work, Callable[[Scene, Role], bool]] = {
    Work.ASSESS_COMMUNE: assessing.assess_commune,
    Work.ASSESS_REVIEW: assessing.assess_review,
    Work.ASSESS_APPRAISAL: assessing.assess_appraisal,
    Work.ATTACH_EVIDENCE: assessing.attach_evidence,
    Work.ATTACH_PART: attach_part,
    Work.KEEP_POSTING: consulting.keep_posting,
    Work.LOG_COMMENT: consulting.log_comments,
    Work.EXPLAIN_COMMENT: consulting.explain_comments,
    Work.KEEP_SURVEY: consulting.keep_survey,
    Work.KEEP_VOTE: consulting.keep_vote,
    Work.STATE_DEBT: state_debt,
    Work.CONFIRM_SECURITY: confirm_security,
    Work.KEEP_CHECKLIST: keep_checklist,
    Work.CONCLUDE_CRITERION: assessing.conclude_criteria,
    Work.CHECK_FIELD: check_field,
    Work.KEEP_COUNCIL: keep_council,
    Work.CAST_BALLOT: cast_ballots,
}
