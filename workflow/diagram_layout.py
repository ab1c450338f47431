"""Where everything of a procedure's picture goes: the main line downwards, other states beside it, lines at the sides.

Plain geometry in whole pixels on a sheet 360 wide, from the plan of what is connected with what. The words come from
the procedure; the drawing is done in `diagram`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple
from unicodedata import combining, normalize

from workflow.diagram_plan import Edge, Plan, main_edges, port_order
from workflow.names import Tier
from workflow.procedure import Action, Procedure, State

WIDTH = 360
MARGIN = 4
CORNER = 6
TRACK = 10
RAIL = 18
SIDE_WIDTH = 106
SIDE_X = WIDTH - 8 - SIDE_WIDTH
SIDE_GAP = 36
SHAFT = 26
TEXT = 13
SMALL = 12
LINE = 16
ROOM = 13
BESIDE = 10
PILL = 24
HEADER = 24


class Box(NamedTuple):
    """A state with its words, their size, and its place; `x` and `y` are its upper left corner."""

    state: State
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int
    size: int
    is_current: bool

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        """The height of its lower border."""
        return self.y + self.height

    @property
    def right(self) -> int:
        """Where its right border is."""
        return self.x + self.width


class Band(NamedTuple):
    """The ground behind neighbouring states of the main line that lie at the same tier."""

    tier: Tier | None
    y: int
    height: int


class Label(NamedTuple):
    """Words that begin at `x` on the line `y`, with the following lines beneath."""

    x: int
    y: int
    lines: tuple[str, ...]


class Badge(NamedTuple):
    """The number of an action, set on the border of the box it leaves or, when no line is drawn, enters."""

    number: int
    x: int
    y: int


class Wire(NamedTuple):
    """Lines as path data, the tip of their arrow, and their course: "main", "leave" it or "rejoin" it."""

    path: str
    tip: str
    course: str


class Layout(NamedTuple):
    """Everything to be drawn, with the height it takes."""

    bottom: int
    name_x: int
    bands: tuple[Band, ...]
    boxes: Mapping[str, Box]
    labels: tuple[Label, ...]
    wires: tuple[Wire, ...]
    badges: tuple[Badge, ...]


def text_of(item: State | Action, lang: str) -> str:
    """The label of a state or an action, in Vietnamese ("vi") or English ("en")."""
    return item.label_vi if lang == "vi" else item.label_en


def width_of(text: str, size: int) -> int:
    """About how wide a text runs, in pixels, measured generously so that it fits in the usual fonts."""
    letters = [letter for letter in normalize("NFD", text) if not combining(letter)]
    return sum(map(_hundredths, letters)) * size // 100


@cache
def wrap(text: str, size: int, room: int) -> tuple[str, ...]:
    """The text in lines that fit into the room, in pixels; a word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def lay_out(procedure: Procedure, plan: Plan, current: str | None, lang: str) -> Layout:
    """The places of all boxes, words and lines of a procedure, with room for the mark of the current state."""
    labels = _step_labels(procedure, plan, lang)
    main, bands = _place_main(procedure, plan, current, lang, labels)
    boxes = main | _place_side(procedure, plan, current, lang, main)
    bottom = max(box.bottom for box in boxes.values()) + 10
    last = bands[-1]._replace(height=bottom - bands[-1].y)
    ports = _ports(plan, boxes)
    return Layout(
        bottom=bottom + MARGIN,
        name_x=_main_x(plan) + SHAFT + 10,
        bands=(*bands[:-1], last),
        boxes=boxes,
        labels=tuple(
            Label(box.x + SHAFT + 10, box.bottom + 19, lines) for box, lines in zip(main.values(), labels, strict=False)
        ),
        wires=(_shaft(main), *_lane_wires(plan, boxes, ports), *_column_wires(plan, boxes)),
        badges=(*_lane_badges(plan, ports), *_column_badges(plan, boxes), *_jump_badges(plan, boxes)),
    )


def _hundredths(letter: str) -> int:
    if letter in "ijlftrI .,;:()-'/":
        return 37
    if letter in "mwMW":
        return 96
    return 75 if letter.isupper() else 62


def _main_x(plan: Plan) -> int:
    tracks = plan.tracks(on_left=True)
    return MARGIN + 6 + RAIL + TRACK * (tracks - 1) if tracks else 14


def _main_right(plan: Plan) -> int:
    tracks = plan.tracks(on_left=False)
    border = SIDE_X if plan.side else WIDTH + 2
    return border - 16 - (RAIL + TRACK * (tracks - 1) if tracks else 0)


def _step_labels(procedure: Procedure, plan: Plan, lang: str) -> list[tuple[str, ...]]:
    """For each step of the main line the names of its actions, in lines beside its arrow."""
    room = _main_right(plan) - _main_x(plan) - SHAFT - 10
    return [
        wrap(" / ".join(text_of(procedure.actions[name], lang) for name in names), SMALL, room)
        for names in main_edges(plan)
    ]


def _height(plan: Plan, name: str, lines: int, current: str | None) -> int:
    ports = max(len(port_order(plan, name, on_left=on_left)) for on_left in (True, False))
    return max(LINE * lines + 16 + (PILL if name == current else 0), RAIL * (ports + 1) if ports > 1 else 0)


def _place_main(
    procedure: Procedure, plan: Plan, current: str | None, lang: str, labels: Sequence[tuple[str, ...]]
) -> tuple[dict[str, Box], list[Band]]:
    x, width = _main_x(plan), _main_right(plan) - _main_x(plan)
    boxes: dict[str, Box] = {}
    bands: list[Band] = []
    y = MARGIN
    for name, tier, label in zip(plan.main, _tiers(procedure, plan), (*labels, ()), strict=True):
        if not bands or bands[-1].tier is not tier:
            bands.append(Band(tier, y, 0))
            y += HEADER
        state = procedure.states[name]
        lines = wrap(text_of(state, lang), TEXT, width - 2 * ROOM)
        boxes[name] = Box(state, lines, x, y, width, _height(plan, name, len(lines), current), TEXT, name == current)
        y = boxes[name].bottom + 16 + 14 * len(label)
        bands[-1] = bands[-1]._replace(height=y - bands[-1].y - 4)
    return boxes, bands


def _tiers(procedure: Procedure, plan: Plan) -> list[Tier | None]:
    """The tier of each state of the main line; one that nobody holds belongs to its neighbour."""
    own = [procedure.states[name].tier for name in plan.main]
    tiers: list[Tier | None] = []
    for tier in own:
        tiers.append(tier or (tiers[-1] if tiers else next(filter(None, own), None)))
    return tiers


def _place_side(
    procedure: Procedure, plan: Plan, current: str | None, lang: str, main: Mapping[str, Box]
) -> dict[str, Box]:
    """The states beside the main line, each as near as possible to those it is connected with."""
    boxes: dict[str, Box] = {}
    lowest = MARGIN + HEADER
    for name in plan.side:
        state = procedure.states[name]
        lines = wrap(text_of(state, lang), SMALL, SIDE_WIDTH - 2 * BESIDE)
        height = _height(plan, name, len(lines), current)
        near = [main[other].middle for other in plan.near(name) if other in main]
        wished = sum(near) // len(near) - height // 2 if near else 0
        boxes[name] = Box(state, lines, SIDE_X, max(wished, lowest), SIDE_WIDTH, height, SMALL, name == current)
        lowest = boxes[name].bottom + SIDE_GAP
    return boxes


Ports = Mapping[tuple[str, bool, Edge | None], tuple[int, int]]


def _ports(plan: Plan, boxes: Mapping[str, Box]) -> Ports:
    """Where lines meet boxes, by box, gutter and the step that leaves there (None: where lines arrive)."""
    places: dict[tuple[str, bool, Edge | None], tuple[int, int]] = {}
    for name, box in boxes.items():
        for on_left in (True, False):
            order = port_order(plan, name, on_left=on_left)
            x = box.x if on_left or name in plan.side else box.right
            for number, edge in enumerate(order, start=1):
                places[name, on_left, edge] = (x, box.y + box.height * number // (len(order) + 1))
    return places


def _shaft(main: Mapping[str, Box]) -> Wire:
    """One line behind all boxes of the main line, with a tip above each but the first."""
    first, *others = main.values()
    x, end = first.x + SHAFT, [first, *others][-1].y - CORNER
    return Wire(f"M{x} {first.y}V{end}", "".join(f"M{x} {box.y}l-5-8h10z" for box in others), "main")


def _lane_wires(plan: Plan, boxes: Mapping[str, Box], ports: Ports) -> Iterator[Wire]:
    for lane, track in plan.lanes.items():
        first = boxes[plan.main[0]]
        rail = first.x - RAIL - TRACK * track if lane.on_left else first.right + RAIL + TRACK * track
        end = ports[lane.to, lane.on_left, None]
        starts = sorted((ports[edge.source, lane.on_left, edge] for edge in lane.edges), key=lambda port: port[1])
        whole = {starts[0], starts[-1]}
        path = "".join(_bend(start, rail, end, stub=start not in whole) for start in starts)
        towards = 1 if end[0] > rail else -1
        tip = f"M{end[0]} {end[1]}l{-8 * towards}-5v10z"
        yield Wire(path, tip, "rejoin" if lane.to in plan.main else "leave")


def _bend(start: tuple[int, int], rail: int, end: tuple[int, int], *, stub: bool) -> str:
    """A line out to the rail, along it and in to its end, with round corners; a stub stops where it joins the rail."""
    (x1, y1), (x2, y2) = start, end
    if abs(y2 - y1) < 2 * CORNER:
        return f"M{x1} {y1}C{rail} {y1} {rail} {y2} {x2} {y2}"
    out = CORNER if rail > x1 else -CORNER
    along = CORNER if y2 > y1 else -CORNER
    back = CORNER if x2 > rail else -CORNER
    begin = f"M{x1} {y1}H{rail - out}q{out} 0 {out} {along}"
    return begin if stub else f"{begin}V{y2 - along}q0 {along} {back} {along}H{x2 - back}"


def _column_wires(plan: Plan, boxes: Mapping[str, Box]) -> Iterator[Wire]:
    for edge in plan.column:
        x, start, end = _column_line(edge, boxes)
        towards = 1 if end > start else -1
        yield Wire(f"M{x} {start}V{end - CORNER * towards}", f"M{x} {end}l-5 {-8 * towards}h10z", "leave")


def _column_line(edge: Edge, boxes: Mapping[str, Box]) -> tuple[int, int, int]:
    """Where a step between two neighbours beside the main line runs: down on the left half, up on the right."""
    source, to = boxes[edge.source], boxes[edge.to]
    if to.y > source.y:
        return source.x + 24, source.bottom, to.y
    return source.x + 50, source.y, to.bottom


def _lane_badges(plan: Plan, ports: Ports) -> Iterator[Badge]:
    for lane in plan.lanes:
        for edge in lane.edges:
            yield Badge(plan.numbers[edge.action], *ports[edge.source, lane.on_left, edge])


def _column_badges(plan: Plan, boxes: Mapping[str, Box]) -> Iterator[Badge]:
    for edge in plan.column:
        x, start, _ = _column_line(edge, boxes)
        yield Badge(plan.numbers[edge.action], x, start)


def _jump_badges(plan: Plan, boxes: Mapping[str, Box]) -> Iterator[Badge]:
    """The numbers of steps without a line: below right where they leave, above right where they arrive."""
    taken: dict[tuple[str, bool], list[int]] = {}
    for edge in plan.jumps:
        for name, arrives in ((edge.source, False), (edge.to, True)):
            numbers = taken.setdefault((name, arrives), [])
            if plan.numbers[edge.action] not in numbers:
                numbers.append(plan.numbers[edge.action])
    for (name, arrives), numbers in taken.items():
        box = boxes[name]
        for place, number in enumerate(numbers):
            yield Badge(number, box.right - 14 - 20 * place, box.y if arrives else box.bottom)
