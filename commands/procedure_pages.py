"""One page for each procedure, made from its data alone: states, actions and figures with their marks and sources."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from commands.generated import table
from workflow.diagram import draw, draw_revocation
from workflow.guards import GUARDS
from workflow.names import Mark
from workflow.procedure import SAME, Action, Branch, Figure, Procedure, State

MARKS = (
    "C: read in the law or in an official page that quotes it. P: seen as practice of an authority. D: derived. "
    "R: recalled without a source (R-med, R-low: how sure)."
)


def pages_of(procedure: Procedure, folder: Path) -> dict[Path, str]:
    """The page and the picture of a procedure by their paths; later versions carry their number."""
    name = procedure.key if procedure.version == 1 else f"{procedure.key}-v{procedure.version}"
    pictures = {f"{name}.svg": draw(procedure, current=None, lang="vi")}
    if of_revocation := draw_revocation(procedure, lang="vi"):
        pictures[f"{name}-revocation.svg"] = of_revocation
    drawn = {folder / file: picture.rstrip() + "\n" for file, picture in pictures.items()}
    return {folder / f"{name}.md": page_of(procedure, *pictures), **drawn}


def page_of(procedure: Procedure, *pictures: str) -> str:
    """The whole page as Markdown."""
    lines = [
        f"<!-- Made by `flask procedures draw` from {procedure.id}: change the data, not this page. -->",
        "",
        f"# {procedure.title_vi}",
        "",
        f"{procedure.title_en} (`{procedure.id}`), {dates_of(procedure)}. Mark of the whole: {procedure.mark}.",
        "",
        *(line for picture in pictures for line in (f"![{procedure.title_vi}]({picture})", "")),
        "Legal basis:",
        "",
        *(f"- {text}" for text in procedure.legal_basis),
        "",
        *_levels(procedure),
        "## States",
        "",
        *table(
            ("State", "Tên", "English", "Kind", "Held by", "Time allowed", "Column", "Filled in by"),
            (_state_cells(procedure, state) for state in procedure.states.values()),
        ),
        "## Actions",
        "",
        *table(
            ("Action", "Tên", "From", "To (event)", "By", "Conditions", "Time allowed", "Papers", "Clause", "Mark"),
            (_action_cells(procedure, action) for action in procedure.actions.values()),
        ),
        "## Figures",
        "",
        f"{marks_of(procedure)}. {MARKS}",
        "",
        *table(
            ("Figure", "Tên", "English", "Value", "Mark", "Source"),
            (_figure_cells(figure) for figure in procedure.figures.values()),
        ),
    ]
    return "\n".join(lines)


def dates_of(procedure: Procedure) -> str:
    """The days on which a dossier that is opened follows this version."""
    last = procedure.in_force_to
    return f"in force from {procedure.in_force_from:%d/%m/%Y}" + (f" to {last:%d/%m/%Y}" if last else "")


def marks_of(procedure: Procedure) -> str:
    """How many figures there are, and how many of each mark."""
    found = Counter(figure.mark for figure in procedure.figures.values())
    counts = ", ".join(f"{found[mark]} {mark}" for mark in Mark if found[mark])
    return f"{len(procedure.figures)} figures: {counts}"


def value_of(figure: Figure) -> str:
    """A figure with its unit, such as `15 working days`."""
    unit = figure.unit.replace("_", " ")
    return f"{figure.value} {unit.removesuffix('s') if figure.value == 1 else unit}"


def allowed_in(procedure: Procedure, state: State) -> str:
    """The time a dossier may lie in a state, with its mark; empty where no clock runs."""
    if state.clock is None:
        return ""
    figure = procedure.figures[procedure.clocks[state.clock].figure]
    return f"{value_of(figure)} ({figure.mark})"


def _levels(procedure: Procedure) -> list[str]:
    ways = [f"{level} (after {before})" if before else level.value for level, before in procedure.levels.items()]
    return [f"Levels: {', '.join(ways)}. Signed in the name of: {procedure.authority}. {_copies(procedure)}", ""]


def _copies(procedure: Procedure) -> str:
    return f"Copies are signed: {', '.join(one.replace('_', ' ') for one in procedure.copies_signed)}."


def _state_cells(procedure: Procedure, state: State) -> list[str]:
    work = [f"`{kind}`: {_names(roles)}" for kind, roles in state.work.items()]
    return [
        f"`{state.name}`",
        state.label_vi,
        state.label_en,
        state.kind,
        f"`{state.holder}`" if state.holder else "",
        allowed_in(procedure, state),
        state.column or "",
        "<br>".join(work),
    ]


def _action_cells(procedure: Procedure, action: Action) -> list[str]:
    sources = [procedure.states[source] for source in action.sources]
    apart = f"not by who {_names(action.not_same_person_as)}" if action.not_same_person_as else ""
    return [
        f"`{action.name}`",
        action.label_vi,
        _names(action.sources),
        "<br>".join(_branch(branch) for branch in action.branches),
        "; ".join(filter(None, [f"{_names(action.by)} ({action.reach})", apart])),
        "<br>".join([*map(_condition, action.guards), *_asked(action)]),
        ", ".join(dict.fromkeys(filter(None, (allowed_in(procedure, state) for state in sources)))),
        _names(action.documents) + (" with a number" if action.takes_number else ""),
        action.clause,
        action.mark,
    ]


def _branch(branch: Branch) -> str:
    conditions = "".join(f"; if {_condition(name)}" for name in branch.guards)
    to = "stays" if branch.to == SAME else f"`{branch.to}`"
    return f"{to} ({branch.records}{conditions})"


def _condition(name: str) -> str:
    return f"`{name}`: {GUARDS[name].sentence}"


def _asked(action: Action) -> list[str]:
    return [f"asks {_names(action.asks)}"] if action.asks else []


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _figure_cells(figure: Figure) -> list[str]:
    return [f"`{figure.name}`", figure.label_vi, figure.label_en, value_of(figure), figure.mark, figure.source]
