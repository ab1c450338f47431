"""Making public and asking: postings, comments with their explanations, the satisfaction survey, committee votes."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import Connection, insert, update

from casework.desk_work import Sheet, require_after_result, require_past, take_up
from casework.errors import NotFound, Refused
from casework.upsert import upsert
from models.base import table_of
from models.dossiers import Comment, Posting, Survey, Vote
from workflow.names import Work
from workflow.refusal import refuse

C = table_of(Comment)
MOST = 1_000_000  # no commune has as many households, members or readings; the tables hold integers of four bytes


@dataclass(frozen=True, slots=True)
class PostingEntry:
    """Where and since when the result is public, how often it was read out, whether the Front gave its opinion."""

    posted_on: date
    places: tuple[str, ...]
    loudspeaker_times: int = 0
    front_opinion: bool = False


@dataclass(frozen=True, slots=True)
class SurveyEntry:
    """The survey's counts, one (question, satisfied, answered) for each item, and the minutes' file hash."""

    started_on: date
    closed_on: date
    households_total: int
    ballots_issued: int
    ballots_valid: int
    satisfied: int
    dissatisfied: int
    no_opinion: int
    items: tuple[tuple[str, int, int], ...] = ()
    minutes_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class VoteEntry:
    """A committee's vote in counts, with the minutes as a stored file's hash."""

    held_on: date
    members: int
    present: int
    agreed: int
    minutes_sha256: str | None = None


def keep_posting(connection: Connection, dossier_id: int, entry: PostingEntry, person_id: int, now: datetime) -> None:
    """Keep how the result is posted at the tier that holds the dossier; not since before there was a result."""
    sheet = take_up(connection, dossier_id, Work.KEEP_POSTING, person_id, now)
    require_past(sheet, posted_on=entry.posted_on)
    require_after_result(sheet, posted_on=entry.posted_on)
    _counts_rise("posting", 0, entry.loudspeaker_times, MOST)
    row = {"posted_on": entry.posted_on, "places": sorted(entry.places), "loudspeaker_times": entry.loudspeaker_times}
    upsert(connection, table_of(Posting), {**_key(sheet), **row, "front_opinion": entry.front_opinion})


def log_comment(
    connection: Connection, dossier_id: int, author: str, text: str, received_on: date, person_id: int, now: datetime
) -> int:
    """Log a comment as it was received, and give its id; it stays open until it is explained."""
    sheet = take_up(connection, dossier_id, Work.LOG_COMMENT, person_id, now)
    require_past(sheet, received_on=received_on)
    if not author.strip() or not text.strip():
        raise Refused((refuse("comment.empty"),))
    row = {**_key(sheet), "author": author.strip(), "text": text.strip(), "received_on": received_on}
    comment_id: int = connection.execute(insert(C).returning(C.c.id), {**row, "accepted": None}).scalar_one()
    return comment_id


def explain_comment(
    connection: Connection,
    dossier_id: int,
    comment_id: int,
    explanation: str,
    person_id: int,
    now: datetime,
    *,
    accepted: bool,
) -> None:
    """Answer a comment: taken over or not, always with an explanation."""
    sheet = take_up(connection, dossier_id, Work.EXPLAIN_COMMENT, person_id, now)
    if not explanation.strip():
        raise Refused((refuse("comment.unexplained"),))
    mine = (C.c.id == comment_id) & (C.c.dossier_id == dossier_id) & (C.c.stage == sheet.stage.value)
    answered = connection.execute(update(C).where(mine).values(accepted=accepted, explanation=explanation.strip()))
    if answered.rowcount != 1:
        raise NotFound(f"comment {comment_id}")


def keep_survey(connection: Connection, dossier_id: int, entry: SurveyEntry, person_id: int, now: datetime) -> None:
    """Keep the survey's counts; shares are computed from them and cannot be typed."""
    sheet = take_up(connection, dossier_id, Work.KEEP_SURVEY, person_id, now)
    require_past(sheet, closed_on=entry.closed_on)
    require_after_result(sheet, started_on=entry.started_on)
    if entry.closed_on < entry.started_on:
        raise Refused((refuse("survey.dates"),))
    counts = (entry.satisfied, entry.ballots_valid, entry.ballots_issued, entry.households_total)
    _counts_rise("survey", 0, *counts, MOST)
    said = entry.satisfied + entry.dissatisfied + entry.no_opinion
    if min(entry.dissatisfied, entry.no_opinion) < 0 or said != entry.ballots_valid:
        raise Refused((refuse("survey.sum", sum=said, valid=entry.ballots_valid),))
    for _, satisfied, answered in entry.items:
        _counts_rise("survey", 0, satisfied, answered, entry.ballots_valid)
    row = {
        "started_on": entry.started_on,
        "closed_on": entry.closed_on,
        "households_total": entry.households_total,
        "ballots_issued": entry.ballots_issued,
        "ballots_valid": entry.ballots_valid,
        "satisfied": entry.satisfied,
        "no_opinion": entry.no_opinion,
        "items": [list(item) for item in entry.items],
        "minutes_sha256": entry.minutes_sha256,
    }
    key = {name: value for name, value in _key(sheet).items() if name != "stage"}
    upsert(connection, table_of(Survey), {**key, **row})


def keep_vote(connection: Connection, dossier_id: int, entry: VoteEntry, person_id: int, now: datetime) -> None:
    """Keep the vote of the steering committee of the tier that holds the dossier."""
    sheet = take_up(connection, dossier_id, Work.KEEP_VOTE, person_id, now)
    require_past(sheet, held_on=entry.held_on)
    require_after_result(sheet, held_on=entry.held_on)
    _counts_rise("vote", 0, entry.agreed, entry.present, entry.members, MOST)
    row = {"held_on": entry.held_on, "members": entry.members, "present": entry.present, "agreed": entry.agreed}
    upsert(connection, table_of(Vote), {**_key(sheet), **row, "minutes_sha256": entry.minutes_sha256})


def _key(sheet: Sheet) -> dict[str, object]:
    row = sheet.file.row
    return {"dossier_id": row.id, "round": row.round, "stage": sheet.stage.value, **sheet.signature}


def _counts_rise(what: str, *counts: int) -> None:
    """Each count holds the one before it: satisfied among the valid, valid among the issued, issued among all."""
    if any(inner > outer for inner, outer in pairwise(counts)):
        raise Refused((refuse(f"{what}.counts"),))
