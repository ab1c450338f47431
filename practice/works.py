"""What each office fills in before its action: one preparation for each kind of work, through the same doors as real work.

Every preparation does only what is missing, and says whether it did anything. With a share under 100 percent the work
is left half done, as on a desk in the middle of the day.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from math import ceil

from sqlalchemy import select

from casework import answering, checking, consulting, council, filing
from models.base import table_of
from models.council import AgendaItem, CouncilSession
from models.dossiers import Comment
from models.evidence import EvidenceItem
from practice.company import Company
from practice.figures import answer_of, corrected
from practice.material import invent_name, lot, material
from practice.scene import Scene
from workflow.criteria import Answer, judge
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, Part, Result, Role, Stage, Work

C, ITEM = table_of(Comment), table_of(EvidenceItem)
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
RETURNED = "returned"
TALLY = ("bien-ban-kiem-phieu", "Biên bản kiểm phiếu")


# --- values and evidence ---


def self_assessed(scene: Scene) -> dict[str, Answer]:
    """The values that the commune has to enter now: what is unanswered or missed, or what a notice of return named."""
    rules, facts = scene.rules, scene.file.facts
    given = facts.answers.get(Column.COMMUNE, {})
    if scene.state.name == RETURNED:
        codes, weak = [code for code in scene.missing if code in rules.by_code], ()
    else:
        listed = scene.some_of(list(rules.by_code))
        codes = [code for code in listed if code not in given or judge(rules.by_code[code], given[code]) is not MET]
        weak = scene.weak if scene.file.row.round == 1 else ()
    again = scene.file.row.round + len(facts.returns)
    return {code: answer_of(rules, scene.commune, code, again, good=code not in weak) for code in codes}


MET = Result.MET


def assess_commune(scene: Scene, role: Role) -> bool:
    """Enter the commune's values."""
    entries = tuple(
        answering.Entry(Column.COMMUNE, code, answer.value, not_applicable=answer.not_applicable)
        for code, answer in self_assessed(scene).items()
    )
    if entries:
        answering.answer_all(scene.connection, scene.dossier_id, entries, scene.person(role), scene.at)
    return bool(entries)


def attach_evidence(scene: Scene, role: Role) -> bool:
    """Put the commune's files beside the indicators that have none; a notice of return is answered with a new file."""
    facts, entered = scene.file.facts, self_assessed(scene)
    answers = {**facts.answers.get(Column.COMMUNE, {}), **entered}
    if scene.state.name == RETURNED:
        wanted = {scene.file.row.code: tuple(entered)}
        files = {scene.file.row.code: material("texts")["more_evidence"]}
    else:
        bare = {code for code, one in answers.items() if not one.not_applicable and code not in facts.evidence}
        wanted, files = _by_block(scene, bare), material("texts")["evidence"]
    wanted = {block: codes for block, codes in wanted.items() if codes}
    for block, codes in wanted.items():
        _file_evidence(scene, files[block], codes, scene.person(role))
    return bool(wanted)


def _by_block(scene: Scene, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    bare, blocks = set(codes), dict[str, tuple[str, ...]]()
    for criterion in scene.rules.criteria_set.criteria:
        found = tuple(one.code for one in criterion.indicators if one.code in bare)
        blocks[criterion.block_vi] = blocks.get(criterion.block_vi, ()) + found
    return blocks


def _file_evidence(scene: Scene, paper: Mapping[str, str], codes: tuple[str, ...], person_id: int) -> None:
    """Use the item of the commune's library that has this title already, or add it."""
    upload = scene.paper(paper["file"], paper["title"])
    same = select(ITEM.c.id).where(ITEM.c.unit_id == scene.file.row.unit_id, ITEM.c.title == upload.title)
    item_id = scene.connection.execute(same).scalars().first()
    connection, dossier_id = scene.connection, scene.dossier_id
    if item_id is None:
        filing.attach_evidence(connection, scene.company.storage, dossier_id, codes, upload, person_id, scene.at)
    else:
        filing.reuse_evidence(connection, dossier_id, codes, item_id, person_id, scene.at)


def assess_review(scene: Scene, role: Role) -> bool:
    """Enter the reviewer's verdicts on what the commune answered."""
    entries = verdicts(scene, Column.REVIEW, scene.some_of(list(scene.rules.by_code)))
    if entries:
        answering.answer_all(scene.connection, scene.dossier_id, entries, scene.person(role), scene.at)
    return bool(entries)


def assess_appraisal(scene: Scene, role: Role) -> bool:
    """Enter each department's verdicts on its own indicators."""
    owned: dict[str, list[str]] = {}
    for code, rule in scene.rules.by_code.items():
        owned.setdefault(rule.indicator.department, []).append(code)
    done = False
    for department in scene.some_of(sorted(owned)):
        entries = verdicts(scene, Column.APPRAISAL, owned[department])
        if entries:
            person_id = scene.person(role, department)
            answering.answer_all(scene.connection, scene.dossier_id, entries, person_id, scene.at)
            done = True
    return done


def verdicts(scene: Scene, column: Column, codes: list[str]) -> tuple[answering.Entry, ...]:
    """What a column says of the commune's answers; what the turn names is refuted, what was refuted before is mended."""
    facts, texts = scene.file.facts, material("texts")
    below, standing = facts.answers.get(Column.COMMUNE, {}), facts.answers.get(column, {})
    mended = facts.refuted.get(column, frozenset())
    entries = []
    for code in codes:
        doubted = code in scene.turn.missing
        if code not in below or (code in standing and code not in mended and not doubted):
            continue
        answer, drawn = below[code], scene.draw(column, code)
        value, reason = answer.value, texts["refuted"] if doubted else ""
        if not doubted and not answer.not_applicable and drawn.random() < 0.07:
            value = corrected(scene.rules.by_code[code], value, drawn)
            reason = "" if value == answer.value else texts["corrected"]
        entries.append(answering.Entry(column, code, value, answer.not_applicable, doubted, reason))
    return tuple(entries)


# --- parts of the dossier ---


def attach_part(scene: Scene, role: Role) -> bool:
    """File the parts that are made in this state, or those that a notice of return named."""
    if scene.state.name == RETURNED:
        parts = [Part(item) for item in scene.missing if item in set(Part)]
    else:
        parts = [part for part in PARTS_AT.get(scene.state.name, ()) if part not in scene.file.facts.parts]
    parts = parts if scene.whole else []
    for part in parts:
        storage, person_id = scene.company.storage, scene.person(role)
        filing.attach_part(scene.connection, storage, scene.dossier_id, part, scene.part(part), person_id, scene.at)
    return bool(parts)


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


# --- making public and asking ---


def keep_posting(scene: Scene, role: Role) -> bool:
    """Post the result since the day it came to this state, read it out, and in the upper tiers hear the Front."""
    if scene.stage in scene.file.facts.postings:
        return False
    in_commune, drawn = scene.stage is Stage.COMMUNE, scene.draw("posting")
    entry = consulting.PostingEntry(
        posted_on=scene.since,
        places=("office", "culture_house") if in_commune else ("portal",),
        loudspeaker_times=drawn.randint(5, 9) if in_commune else drawn.randint(3, 5),
        front_opinion=not in_commune,
    )
    consulting.keep_posting(scene.connection, scene.dossier_id, entry, scene.person(role), scene.at)
    return True


def log_comments(scene: Scene, role: Role) -> bool:
    """Log what people said and explain it; while the work is half done, the last comment waits for its explanation."""
    row, person_id = scene.file.row, scene.person(role)
    here = (C.c.dossier_id == row.id, C.c.round == row.round, C.c.stage == scene.stage.value)
    logged = scene.connection.execute(select(C.c.id, C.c.accepted).where(*here).order_by(C.c.id)).all()
    waiting = [(one.id, True, material("texts")["explained"]) for one in logged if one.accepted is None]
    if not logged:
        waiting = _log(scene, person_id)
    for comment_id, accepted, explanation in waiting if scene.whole else waiting[:-1]:
        consulting.explain_comment(
            scene.connection, row.id, comment_id, explanation, person_id, scene.at, accepted=accepted
        )
    return bool(waiting)


def _log(scene: Scene, person_id: int) -> list[tuple[int, bool, str]]:
    texts, drawn = material("texts"), scene.draw("comments")
    said = drawn.sample(texts["comments"][scene.stage], drawn.randint(1, 2))
    waiting = []
    for number, (text, accepted, explanation) in enumerate(said):
        hamlet = drawn.choice(texts["hamlets"])
        author = f"{invent_name(scene.file.row.code, scene.stage, number)}, xóm {hamlet}"
        day = min(scene.today, scene.since + timedelta(days=drawn.randint(1, 6)))
        comment_id = consulting.log_comment(
            scene.connection, scene.dossier_id, author, text.format(hamlet=hamlet), day, person_id, scene.at
        )
        waiting.append((comment_id, accepted, explanation))
    return waiting


def keep_survey(scene: Scene, role: Role) -> bool:
    """Keep the survey: most households asked, nearly all of them satisfied, one question for each criterion."""
    if scene.file.facts.survey is not None or not scene.whole:
        return False
    drawn, total = scene.draw("survey"), scene.commune.counts["households"]
    issued = ceil(total * drawn.randint(74, 93) / 100)
    valid = issued - drawn.randint(0, 6)
    criteria = scene.rules.criteria_set.criteria
    items = tuple((one.code, valid - drawn.randint(0, valid // 20), valid) for one in criteria)
    started_on = min(scene.today, scene.since + timedelta(days=1))
    entry = consulting.SurveyEntry(
        started_on=started_on,
        closed_on=max(started_on, scene.today - timedelta(days=1)),
        households_total=total,
        ballots_issued=issued,
        ballots_valid=valid,
        satisfied=valid - drawn.randint(0, valid // 25),
        items=items,
        minutes_sha256=scene.keep(scene.paper(*TALLY)),
    )
    consulting.keep_survey(scene.connection, scene.dossier_id, entry, scene.person(role), scene.at)
    return True


def keep_vote(scene: Scene, role: Role) -> bool:
    """Keep the vote of the steering committee: nearly everybody came, nearly everybody agreed."""
    if scene.stage in scene.file.facts.votes or not scene.whole:
        return False
    drawn = scene.draw("vote")
    members = 21 + (scene.commune.counts["hamlets"] if scene.stage is Stage.COMMUNE else 4)
    present = members - drawn.randint(0, 3)
    minutes = scene.keep(scene.part(Part.MINUTES))
    entry = consulting.VoteEntry(scene.today, members, present, present - drawn.randint(0, 2), minutes)
    consulting.keep_vote(scene.connection, scene.dossier_id, entry, scene.person(role), scene.at)
    return True


# --- appraisal and council ---


def conclude_criteria(scene: Scene, role: Role) -> bool:
    """Write each department's conclusion on the criteria it leads."""
    texts, done = material("texts")["conclusions"], False
    concluded = {code for code, one in scene.file.facts.conclusions.items() if one.met}
    for criterion in scene.some_of(scene.rules.criteria_set.criteria):
        doubted = [one.code for one in criterion.indicators if one.code in scene.turn.missing]
        if criterion.code in concluded and not doubted:
            continue
        department = checking.owner_of(scene.rules.criteria_set, criterion.code)
        met = scene.draw("conclusion", criterion.code).choice(texts["met"])
        text = texts["not_met"].format(items=", ".join(doubted)) if doubted else met
        person_id, done = scene.person(role, department), True
        checking.conclude_criterion(
            scene.connection, scene.dossier_id, criterion.code, text, person_id, scene.at, met=not doubted
        )
    return done


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
    for member in present:
        council.attend(connection, session_id, member, secretary, scene.at)
    for dossier_id, agreed in in_favour.items():
        for place, member in enumerate(present):
            choice = "yes" if agreed or place % 3 == 0 else "no"
            council.cast_ballot(connection, session_id, dossier_id, choice, member, scene.at)
    minutes = scene.keep(scene.part(Part.COUNCIL_MINUTES))
    council.close_session(connection, session_id, minutes, secretary, scene.at)


def _present(company: Company, session_id: int) -> tuple[int, ...]:
    absent = lot("absent", session_id).choice(company.members[:-1])
    return tuple(member for member in company.members if member != absent)


def cast_ballots(_scene: Scene, _role: Role) -> bool:
    """Nothing by itself: the ballots are cast while the session is held."""
    return False


PREPARE: Mapping[Work, Callable[[Scene, Role], bool]] = {
    Work.ASSESS_COMMUNE: assess_commune,
    Work.ASSESS_REVIEW: assess_review,
    Work.ASSESS_APPRAISAL: assess_appraisal,
    Work.ATTACH_EVIDENCE: attach_evidence,
    Work.ATTACH_PART: attach_part,
    Work.KEEP_POSTING: keep_posting,
    Work.LOG_COMMENT: log_comments,
    Work.KEEP_SURVEY: keep_survey,
    Work.KEEP_VOTE: keep_vote,
    Work.STATE_DEBT: state_debt,
    Work.CONFIRM_SECURITY: confirm_security,
    Work.KEEP_CHECKLIST: keep_checklist,
    Work.CONCLUDE_CRITERION: conclude_criteria,
    Work.CHECK_FIELD: check_field,
    Work.KEEP_COUNCIL: keep_council,
    Work.CAST_BALLOT: cast_ballots,
}
