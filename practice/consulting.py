"""Postings, comments, surveys and votes as they are kept in practice."""

from datetime import timedelta
from math import ceil
from typing import Any

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
    """Log what people said, once for each posting."""
    if _comments(scene):
        return False
    texts, drawn = material("texts"), scene.draw("comments")
    said = drawn.sample(texts["comments"][scene.stage], drawn.randint(1, 2))
    for number, (text, _accepted, _explanation) in enumerate(said):
        hamlet = drawn.choice(texts["hamlets"])
        author = f"{invent_name(scene.file.row.code, scene.stage, number)}, xóm {hamlet}"
        day = min(scene.today, scene.since + timedelta(days=drawn.randint(1, 6)))
        words = (author, text.format(hamlet=hamlet), day)
        consulting.log_comment(scene.connection, scene.dossier_id, *words, scene.person(role), scene.at)
    return True


def explain_comments(scene: Scene, role: Role) -> bool:
    """Explain what people said; while the work is half done, the last comment waits for its explanation."""
    waiting = [one for one in _comments(scene) if one.accepted is None]
    for one in waiting if scene.whole else waiting[:-1]:
        accepted, explanation = _reply(scene, one.author, one.text)
        said = (one.id, explanation, scene.person(role), scene.at)
        consulting.explain_comment(scene.connection, scene.dossier_id, *said, accepted=accepted)
    return bool(waiting)


def _comments(scene: Scene) -> list[Any]:
    row = scene.file.row
    here = (C.c.dossier_id == row.id, C.c.round == row.round, C.c.stage == scene.stage.value)
    found = select(C.c.id, C.c.author, C.c.text, C.c.accepted).where(*here).order_by(C.c.id)
    return list(scene.connection.execute(found))


def _reply(scene: Scene, author: str, text: str) -> tuple[bool, str]:
    """What is answered to a comment: the reply that is written for it, or a common one."""
    texts, hamlet = material("texts"), author.rpartition("xóm ")[2]
    written = (one for one in texts["comments"][scene.stage] if one[0].format(hamlet=hamlet) == text)
    _text, accepted, explanation = next(written, (text, True, texts["explained"]))
    return accepted, explanation


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
    satisfied = valid - drawn.randint(0, valid // 25)
    silent = drawn.randint(0, (valid - satisfied) // 2)
    entry = consulting.SurveyEntry(
        started_on=started_on,
        closed_on=max(started_on, scene.today - timedelta(days=1)),
        households_total=total,
        ballots_issued=issued,
        ballots_valid=valid,
        satisfied=satisfied,
        dissatisfied=valid - satisfied - silent,
        no_opinion=silent,
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
