"""The procedures of recognition as they stand in their files: states, steps, figures with their marks, the picture."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.admin.base import READERS, pages
from blueprints.face import amount, in_language, lang, word
from casework.errors import NotFound
from queries.rulebook import procedures
from queries.wording import action_label, state_label
from workflow.diagram import draw, draw_revocation
from workflow.names import Mark
from workflow.procedure import SAME, Action, Figure, Procedure, State


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when something is in force, and how that stands to a day."""

    first: date
    last: date | None

    def stands(self, today: date) -> tuple[str, str]:
        """How the period stands today, in words and with their tone."""
        if today < self.first:
            return _("Chưa có hiệu lực"), "neutral"
        if self.last is not None and self.last < today:
            return _("Hết hiệu lực"), "neutral"
        return _("Đang có hiệu lực"), "good"


@dataclass(frozen=True, slots=True)
class Stop:
    """A state as the page shows it."""

    label: str
    kind: str
    holder: str
    allowed: Figure | None
    works: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StepLine:
    """An action as the page shows it."""

    label: str
    sources: str
    ways: list[tuple[str, list[str]]]
    by: str
    apart: str
    conditions: list[str]
    asks: str
    papers: str
    takes_number: bool
    reference: str
    mark: Mark


@pages.page("/procedures", access=READERS)
def procedures_page() -> ResponseReturnValue:
    """Show every procedure with its dates in force."""
    listed = sorted(procedures().values(), key=lambda one: (one.in_force_from, one.version), reverse=True)
    lines = [(one, title_of(one), Period(one.in_force_from, one.in_force_to), _marks(one)) for one in listed]
    return render_template("admin/procedures.html", lines=lines, today=g.today)


@pages.page("/procedures/<slug:key>/<int:version>", access=READERS)
def procedure_page(key: str, version: int) -> ResponseReturnValue:
    """Show one version of a procedure with everything that it says."""
    procedure = procedures().get(f"{key}@{version}")
    if procedure is None:
        raise NotFound(f"procedure {key}@{version}")
    return render_template(
        "admin/procedure.html",
        procedure=procedure,
        title=title_of(procedure),
        period=Period(procedure.in_force_from, procedure.in_force_to),
        stops=[_stop(procedure, state) for state in procedure.states.values()],
        steps=[_step(procedure, action) for action in procedure.actions.values()],
        figures=procedure.figures.values(),
        today=g.today,
        # the pictures are made from our own data, every text in them escaped by `draw`
        picture=Markup(draw(procedure, current=None, lang=lang())),  # noqa: S704 - see above
        of_revocation=Markup(draw_revocation(procedure, lang())),  # noqa: S704 - see above
    )


def title_of(procedure: Procedure) -> str:
    """The title of a procedure in the language of the page."""
    return in_language(procedure.title_vi, procedure.title_en)


@pages.app_template_global()
def figure_name(figure: Figure) -> str:
    """What a figure says, in the language of the page."""
    return in_language(figure.label_vi, figure.label_en)


@pages.app_template_global()
def figure_value(figure: Figure) -> str:
    """A figure with its unit, such as 15 ngày làm việc."""
    return f"{amount(figure.value)} {word('figure_units', figure.unit)}"


@pages.app_template_global()
def reference(text: str) -> str:
    """Where a figure or a step was read, its abbreviations in the language of the page."""
    if text.startswith("none:"):
        return _("Không có điều khoản riêng; cần có để hồ sơ không bế tắc")
    if lang() == "en":
        return text
    text = re.sub(r"\bdomain ", "tài liệu nghiệp vụ, mục ", text)
    return re.sub(r"\brows? ", "hàng ", text).replace(" and ", " và ")


def _marks(procedure: Procedure) -> list[tuple[Mark, int]]:
    counted = Counter(figure.mark for figure in procedure.figures.values())
    return [(mark, counted[mark]) for mark in Mark if counted[mark]]


def _stop(procedure: Procedure, state: State) -> Stop:
    clock = procedure.clocks[state.clock] if state.clock else None
    return Stop(
        label=state_label(state, lang()),
        kind=word("state_kinds", state.kind),
        holder=word("roles", state.holder) if state.holder else "",
        allowed=procedure.figures[clock.figure] if clock else None,
        works=[(word("works", work), _named("roles", roles)) for work, roles in state.work.items()],
    )


def _step(procedure: Procedure, action: Action) -> StepLine:
    return StepLine(
        label=action_label(action, lang()),
        sources=", ".join(state_label(procedure.states[source], lang()) for source in action.sources),
        ways=[
            (
                _("như cũ") if way.to == SAME else state_label(procedure.states[way.to], lang()),
                [word("guards", name) for name in way.guards],
            )
            for way in action.branches
        ],
        by=_named("roles", action.by),
        apart=_named("events", action.not_same_person_as),
        conditions=[word("guards", name) for name in action.guards],
        asks=_named("fields", action.asks),
        papers=_named("documents", action.documents),
        takes_number=action.takes_number,
        reference=action.clause,
        mark=action.mark,
    )


def _named(group: str, names: Iterable[str]) -> str:
    return ", ".join(word(group, name) for name in names)
