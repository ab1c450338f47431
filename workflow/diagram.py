"""A procedure as a picture: one inline SVG that reads on a small phone and, as text, without being seen.

Colours are attributes, so that the picture is complete by itself on its own light ground; each group also has a class,
by which a style sheet can repaint it. Nothing is random: the same procedure gives the same text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from workflow.diagram_layout import (
    LINE,
    PILL,
    SMALL,
    TEXT,
    WIDTH,
    Badge,
    Box,
    Label,
    Layout,
    lay_out,
    text_of,
    width_of,
    wrap,
)
from workflow.diagram_parts import part_of, review_states
from workflow.diagram_plan import Plan, make_plan
from workflow.names import StateKind, Tier
from workflow.procedure import SAME, Procedure

PAPER = "#fff"
INK = "#1f2933"
MARK = "#b42318"
COURSES = {"main": "#334155", "leave": "#9a3412", "rejoin": "#0f5f6b"}


class Look(NamedTuple):
    """How a tier shows: its ground, the colour of its lines and of its name (readable on that ground), its name."""

    ground: str
    line: str
    vi: str
    en: str

    def name(self, lang: str) -> str:
        """The name of the tier in Vietnamese ("vi") or English ("en")."""
        return self.vi if lang == "vi" else self.en


TIERS: Mapping[Tier | None, Look] = {
    Tier.HAMLET: Look("#f3ecfb", "#5b2a91", "Xóm", "Hamlet"),
    Tier.COMMUNE: Look("#e8f4ea", "#1b5e34", "Xã", "Commune"),
    Tier.DISTRICT: Look("#fdf3da", "#7a4a00", "Huyện", "District"),
    Tier.PROVINCE: Look("#e7effb", "#1d4289", "Tỉnh", "Province"),
    None: Look("#eef1f4", "#3e4c59", "Không ở cấp nào", "At no tier"),
}


class Words(NamedTuple):
    """The words of the picture that no procedure brings along."""

    title: str
    here: str
    now: str
    steps: str
    to: str
    double: str
    ends: str


WORDS: Mapping[str, Words] = {
    "vi": Words(
        title="Sơ đồ thủ tục",
        here="Đang ở đây",
        now="Hồ sơ đang ở",
        steps="Các bước, theo số của trạng thái",
        to="đến",
        double="Khung kép: kết thúc",
        ends="Kết thúc",
    ),
    "en": Words(
        title="Diagram of the procedure",
        here="You are here",
        now="The dossier is now at",
        steps="Steps, by the numbers of the states",
        to="to",
        double="Double border: an end",
        ends="Ends",
    ),
}


def draw(procedure: Procedure, current: str | None = None, lang: str = "vi") -> str:
    """The picture of a procedure as SVG text, in Vietnamese ("vi") or English ("en"), with one state marked if asked.

    It is of the part in which that state lies, else of the way to a recognition; `workflow.diagram_parts` parts them.
    A state or a language that does not exist is a ValueError.
    """
    if lang not in WORDS:
        raise ValueError(f"a diagram is drawn in 'vi' or 'en', not in '{lang}'")
    if current is not None and current not in procedure.states:
        raise ValueError(f"{procedure.id} has no state '{current}'")
    return _picture(part_of(procedure, current), current, lang)


def draw_revocation(procedure: Procedure, lang: str = "vi") -> str:
    """The picture of the way by which a recognition is revoked; "" where the procedure has none."""
    reviewing = [name for name in procedure.states if name in review_states(procedure)]
    return _picture(part_of(procedure, reviewing[0]), None, lang) if reviewing else ""


def _picture(procedure: Procedure, current: str | None, lang: str) -> str:
    plan = make_plan(procedure)
    layout = lay_out(procedure, plan, current, lang)
    legend, keys, height = _legend(procedure, plan, layout.bottom, lang)
    return "\n".join(
        (
            *_opening(procedure, current, lang, height),
            *_ground(layout, lang),
            *_wires(layout),
            *_boxes(layout, lang),
            f'<g class="d-step" font-size="{SMALL}" fill="{COURSES["main"]}">{_texts(layout.labels, 14)}</g>',
            legend,
            _badges((*layout.badges, *keys)),
            "</svg>\n",
        )
    )


def _opening(procedure: Procedure, current: str | None, lang: str, height: int) -> Iterator[str]:
    """The frame, with the title and the whole picture as text for those who do not see it."""
    name = f"{procedure.id.replace('@', '-')}-{procedure.start}"
    title = procedure.title_vi if lang == "vi" else procedure.title_en
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-text" lang="{lang}" '
        f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="system-ui,sans-serif" font-size="{TEXT}">'
    )
    yield f'<title id="{name}-title">{escape(f"{WORDS[lang].title}: {title}", quote=False)}</title>'
    yield f'<desc id="{name}-text">{escape(describe(procedure, current, lang), quote=False)}</desc>'
    yield f'<rect class="d-paper" width="{WIDTH}" height="{height}" rx="10" fill="{PAPER}"/>'


def describe(procedure: Procedure, current: str | None = None, lang: str = "vi") -> str:
    """The whole picture as text: where the dossier is, the numbered states by tier, every step, and the ends."""
    words = WORDS[lang]
    number = {name: str(place) for place, name in enumerate(procedure.states, start=1)}
    parts = [f"{words.now}: {text_of(procedure.states[current], lang)}."] if current else []
    for tier, look in TIERS.items():
        held = [f"{number[s.name]} {text_of(s, lang)}" for s in procedure.states.values() if s.tier is tier]
        parts += [f"{look.name(lang)}: {'; '.join(held)}."] if held else []
    steps = []
    for action in procedure.actions.values():
        targets = "/".join(dict.fromkeys(number[branch.to] for branch in action.branches if branch.to != SAME))
        sources = ", ".join(number[source] for source in action.sources)
        leads = f" {words.to} {targets}" if targets else ""
        steps.append(f"{text_of(action, lang)}: {sources}{leads}")
    finals = [number[name] for name, state in procedure.states.items() if state.kind is StateKind.FINAL]
    return " ".join((*parts, f"{words.steps}: {'; '.join(steps)}.", f"{words.ends}: {', '.join(finals)}."))


def _ground(layout: Layout, lang: str) -> Iterator[str]:
    for tier, y, height in layout.bands:
        look = TIERS[tier]
        yield (
            f'<g class="d-band d-{tier or "nobody"}" fill="{look.line}">'
            f'<rect x="4" y="{y}" width="{WIDTH - 8}" height="{height}" rx="9" fill="{look.ground}"/>'
            f'<text x="{layout.name_x}" y="{y + 17}" font-weight="700">{look.name(lang)}</text></g>'
        )


def _wires(layout: Layout) -> Iterator[str]:
    for course, colour in COURSES.items():
        wires = [wire for wire in layout.wires if wire.course == course]
        if wires:
            path, tips = "".join(wire.path for wire in wires), "".join(wire.tip for wire in wires)
            yield f'<g class="d-{course}"><path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
            yield f'<path d="{tips}" fill="{colour}"/></g>'


def _boxes(layout: Layout, lang: str) -> Iterator[str]:
    """The states, in one group for each tier so that its colours are said once."""
    for tier, look in TIERS.items():
        frames = "".join(_frame_of(box) for box in layout.boxes.values() if box.state.tier is tier)
        if frames:
            yield f'<g class="d-box d-{tier or "nobody"}" fill="{PAPER}" stroke="{look.line}">{frames}</g>'
    names: dict[int, list[Label]] = {}
    for box in layout.boxes.values():
        names.setdefault(box.size, []).append(Label(box.x + box.width // 2, _top(box) + 12, box.lines))
    for size, labels in names.items():
        texts = _texts(labels, LINE)
        yield f'<g class="d-name" text-anchor="middle" font-size="{size}" fill="{INK}">{texts}</g>'
    yield from (_here(box, WORDS[lang].here) for box in layout.boxes.values() if box.is_current)


def _frame_of(box: Box) -> str:
    radius = 14 if box.state.kind is StateKind.START else 7
    look = f' class="d-current" stroke="{MARK}" stroke-width="4"' if box.is_current else ""
    outer = _rect(box.x, box.y, box.width, box.height, radius, look)
    if box.state.kind is StateKind.FINAL:
        return outer + _rect(box.x + 5, box.y + 5, box.width - 10, box.height - 10, radius - 3)
    return outer


def _rect(x: int, y: int, width: int, height: int, radius: int, look: str = "") -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"{look}/>'


def _top(box: Box) -> int:
    """Where the words of a box begin, so that they stand in its middle, with the mark below them if it bears it."""
    return box.middle - (LINE * len(box.lines) + (PILL if box.is_current else 0)) // 2


def _texts(labels: Iterable[Label], step: int) -> str:
    """Words line by line, those that begin at the same `x` in one group, which keeps the picture small."""
    columns: dict[int, list[str]] = {}
    for x, y, lines in labels:
        for place, line in enumerate(lines):
            columns.setdefault(x, []).append(f'<text y="{y + step * place}">{escape(line, quote=False)}</text>')
    return "".join(f'<g transform="translate({x})">{"".join(parts)}</g>' for x, parts in columns.items())


def _here(box: Box, word: str) -> str:
    """The mark of the current state: a filled plate with a pointer and the word."""
    width = width_of(word, SMALL) * 11 // 10 + 20
    x, y = box.x + (box.width - width) // 2, _top(box) + LINE * len(box.lines) + 3
    return (
        f'<g class="d-here" fill="{MARK}"><rect x="{x}" y="{y}" width="{width}" height="19" rx="9"/>'
        f'<path d="M{x + 6} {y + 5}l7 4.5l-7 4.5z" fill="{PAPER}"/>'
        f'<text x="{x + 16}" y="{y + 14}" font-size="{SMALL}" font-weight="700" fill="{PAPER}">{word}</text></g>'
    )


def _badges(badges: Sequence[Badge]) -> str:
    """The numbers on dots; a dot is a line of no length with a round pen, which takes a third of a circle's text."""
    dots = "".join(f"M{x} {y}h.1" for _, x, y in badges)
    digits = [Label(x, y + 4, (str(number),)) for number, x, y in badges]
    return (
        f'<path class="d-dot" d="{dots}" stroke="{INK}" stroke-width="18" stroke-linecap="round"/>'
        f'<g class="d-digit" font-size="{SMALL}" font-weight="700" text-anchor="middle" fill="{PAPER}">'
        f"{_texts(digits, 0)}</g>"
    )


def _legend(procedure: Procedure, plan: Plan, top: int, lang: str) -> tuple[str, list[Badge], int]:
    """The numbered actions, with the state they lead to where no line shows it; their badges; the height needed."""
    words, y = WORDS[lang], top + 18
    labels: list[Label] = []
    badges: list[Badge] = []
    for action, number in plan.numbers.items():
        targets = dict.fromkeys(edge.to for edge in plan.jumps if edge.action == action)
        names = [text_of(procedure.actions[action], lang), *(text_of(procedure.states[to], lang) for to in targets)]
        labels.append(Label(40, y, wrap(" → ".join(names), TEXT, WIDTH - 52)))
        badges.append(Badge(number, 22, y - 4))
        y += LINE * len(labels[-1].lines) + 8
    sample = _rect(14, y - 11, 20, 15, 4) + _rect(17, y - 8, 14, 9, 2)
    labels.append(Label(40, y, (words.double,)))
    text = f'<g class="d-legend" fill="{INK}">{_texts(labels, LINE)}</g>'
    return f'{text}<g class="d-box" fill="{PAPER}" stroke="{INK}">{sample}</g>', badges, y + 14
