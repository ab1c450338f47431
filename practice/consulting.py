"""Postings, comments, surveys and votes as they are kept in practice."""

from datetime import timedelta
from math import ceil

from sqlalchemy import select

from casework import consulting
from models.base import table_of
from models.dossiers import Comment
from practice.material import invent_name, material
from practice.scene import Scene
from workflow.names import Part, Role, Stage

C = table_of(Comment)
TALLY = ("bien-ban-kiem-phieu", "Biên bản kiểm phiếu")


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
