"""Making public and asking: the forms of posting, comments, survey, vote, debt and security, and who takes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from wtforms import Form

from blueprints.desk import task_forms as forms
from blueprints.desk.base import Board
from blueprints.desk.reckoning import Reckoned, figure_of, item_share, number, share, told
from blueprints.desk.task import Act
from blueprints.face import in_language
from blueprints.forms import CountField, one_of
from casework import checking, consulting
from casework.consulting import PostingEntry, SurveyEntry, VoteEntry
from workflow.criteria_set import Criterion
from workflow.names import Stage
from workflow.procedure import Figure


def signature(entered: Any) -> tuple[str, datetime] | None:
    """Who entered what stands, and when; nothing while nothing stands."""
    return (entered.person, entered.at) if entered and entered.at else None


# Posting and comments


def posting_form(board: Board, _item: str) -> type[Form]:
    """Where and since when the result is public; at the commune other places than above it."""
    return forms.CommunePostingForm if board.stage is Stage.COMMUNE else forms.HigherPostingForm


def standing_posting(board: Board, _item: str) -> Mapping[str, Any]:
    """How the result is public now."""
    standing = board.details.postings.get(board.stage)
    return standing._asdict() if standing else {}


def keep_posting(act: Act) -> None:
    """Keep how the result is public."""
    form = act.form
    front = form.front_opinion.data if "front_opinion" in form else False
    places = tuple(form.places.data or ())
    entry = PostingEntry(form.posted_on.data, places, form.loudspeaker_times.data, front_opinion=front)
    consulting.keep_posting(act.connection, act.board.id, entry, *act.by)


def reckon_posting(board: Board, form: Form) -> tuple[Reckoned, ...]:
    """How long, and how often it must be read out."""
    if board.stage is Stage.COMMUNE:
        times = number(board, form, "posting.loudspeaker_times", "loudspeaker_times")
        return told(board, "posting.days"), times
    return told(board, "{stage}_comment.days"), number(board, form, "{stage}_comment.broadcasts", "loudspeaker_times")


def log_comment(act: Act) -> None:
    """Log a comment."""
    form = act.form
    words = (form.author.data, form.text.data, form.received_on.data)
    consulting.log_comment(act.connection, act.board.id, *words, *act.by)


def explain_form(board: Board, _item: str) -> type[Form]:
    """Answer a comment of this tier: those without an explanation stand first."""
    mine = [one for one in board.details.comments if one.stage == board.stage]
    listed = sorted(mine, key=lambda one: (one.accepted is not None, one.id))
    comment = one_of(_l("Góp ý"), {str(one.id): f"{one.author}: {one.text}" for one in listed})
    return type("ExplainForm", (forms.ExplainForm,), {"comment": comment})


def explain_comment(act: Act) -> None:
    """Explain a comment."""
    form = act.form
    accepted = form.accepted.data == "yes"
    said = (int(form.comment.data), form.explanation.data)
    consulting.explain_comment(act.connection, act.board.id, *said, *act.by, accepted=accepted)


def has_comments(board: Board) -> bool:
    """Whether there is a comment of this tier to explain."""
    return any(one.stage == board.stage for one in board.details.comments)


# The survey


class Question(NamedTuple):
    """One question of the survey in the form: the criterion that it asks about, its two fields, and its share."""

    code: str
    name: str
    satisfied: Any
    answered: Any
    text: str
    reached: bool | None


def _criteria(board: Board) -> tuple[Criterion, ...]:
    return board.file.facts.rules.criteria_set.criteria if board.file.facts.rules else ()


def _names_of(code: str) -> tuple[str, str]:
    """The names of the two fields of a question."""
    return f"satisfied_{code}", f"answered_{code}"


def survey_form(board: Board, _item: str) -> type[Form]:
    """The counts of the survey as a whole, and of one question for each criterion."""
    fields: dict[str, Any] = {}
    for one in _criteria(board):
        satisfied, answered = _names_of(one.code)
        words = {"code": one.code}
        fields[satisfied] = CountField(
            _l("Tiêu chí %(code)s: số hài lòng", **words), forms.of_question(answered, "satisfied")
        )
        fields[answered] = CountField(
            _l("Tiêu chí %(code)s: số trả lời", **words), forms.of_question(satisfied, "answered")
        )
    return type("SurveyForm", (forms.SurveyForm,), fields)


def standing_survey(board: Board, _item: str) -> Mapping[str, Any]:
    """The counts that are recorded."""
    survey = board.details.survey
    if survey is None:
        return {}
    items = [pair for code, *counts in survey.items for pair in zip(_names_of(code), counts, strict=True)]
    return survey._asdict() | {"dissatisfied": survey.dissatisfied} | dict(items)


def keep_survey(act: Act) -> None:
    """Keep the counts."""
    form, before = act.form, act.board.details.survey
    asked = [(one.code, *(form[name].data for name in _names_of(one.code))) for one in _criteria(act.board)]
    entry = SurveyEntry(
        started_on=form.started_on.data,
        closed_on=form.closed_on.data,
        households_total=form.households_total.data,
        ballots_issued=form.ballots_issued.data,
        ballots_valid=form.ballots_valid.data,
        satisfied=form.satisfied.data,
        dissatisfied=form.dissatisfied.data,
        no_opinion=form.no_opinion.data,
        items=tuple((code, yes, answered) for code, yes, answered in asked if answered is not None),
        minutes_sha256=act.store(form.minutes, before.minutes if before else None),
    )
    consulting.keep_survey(act.connection, act.board.id, entry, *act.by)


def reckon_survey(board: Board, form: Form) -> tuple[Reckoned, ...]:
    """How long it lasts, how many households must be asked, and how many of the residents must be satisfied."""
    return (
        told(board, "survey.working_days"),
        share(board, form, "survey.household_share", "ballots_issued", "households_total"),
        share(board, form, "survey.threshold", "satisfied", "ballots_valid"),
    )


def questions(board: Board, form: Form) -> tuple[Figure, tuple[Question, ...]]:
    """The questions of the survey with what stands in their fields, and the share that each must reach."""
    figure = figure_of(board, "survey.item_threshold")
    listed = []
    for one in _criteria(board):
        satisfied, answered = (form[name] for name in _names_of(one.code))
        text, reached = item_share(satisfied.data, answered.data, figure.value)
        listed.append(Question(one.code, in_language(one.name_vi, one.name_en), satisfied, answered, text, reached))
    return figure, tuple(listed)


# The vote


def standing_vote(board: Board, _item: str) -> Mapping[str, Any]:
    """The vote that is recorded."""
    vote = board.details.votes.get(board.stage)
    return vote._asdict() if vote else {}


def keep_vote(act: Act) -> None:
    """Keep the vote."""
    form, before = act.form, act.board.details.votes.get(act.board.stage)
    minutes = act.store(form.minutes, before.minutes if before else None)
    entry = VoteEntry(form.held_on.data, form.members.data, form.present.data, form.agreed.data, minutes)
    consulting.keep_vote(act.connection, act.board.id, entry, *act.by)


def reckon_vote(board: Board, form: Form) -> tuple[Reckoned, ...]:
    """How many of those present must agree."""
    return (share(board, form, "{stage}_vote.threshold", "agreed", "present"),)


# Debt and security


def standing_debt(board: Board, _item: str) -> Mapping[str, Any]:
    """What is stated on debt."""
    return {"debt_amount": board.details.stated.debt_amount}


def state_debt(act: Act) -> None:
    """State the debt."""
    paper = act.store(act.form.paper, act.board.details.stated.debt_paper)
    checking.state_debt(act.connection, act.board.id, act.form.debt_amount.data, paper, *act.by)


def standing_security(board: Board, _item: str) -> Mapping[str, Any]:
    """What is stated on security and order."""
    found = board.details.stated.security_complex
    return {} if found is None else {"is_complex": "yes" if found else "no"}


def confirm_security(act: Act) -> None:
    """Confirm security and order."""
    paper = act.store(act.form.paper, act.board.details.stated.security_paper)
    is_complex = act.form.is_complex.data == "yes"
    checking.confirm_security(act.connection, act.board.id, paper, *act.by, is_complex=is_complex)


def papers_of(board: Board) -> Mapping[str, Mapping[str, str | None]]:
    """The file that is on record already, for each task by the field in which another can be chosen."""
    details, stated = board.details, board.details.stated
    vote = details.votes.get(board.stage)
    return {
        "keep_survey": {"minutes": details.survey.minutes if details.survey else None},
        "keep_vote": {"minutes": vote.minutes if vote else None},
        "state_debt": {"paper": stated.debt_paper},
        "confirm_security": {"paper": stated.security_paper},
    }
