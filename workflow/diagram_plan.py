"""What a procedure's picture shows, before any measure: the main line, the states beside it and how steps are drawn."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from workflow.names import StateKind
from workflow.procedure import SAME, Procedure

MANY_SOURCES = 5
"""Steps out of more states than this are shown by their number alone: so many lines would hide the others."""


class Edge(NamedTuple):
    """One step as drawn: by which action, from which state, to which."""

    action: str
    source: str
    to: str


class Lane(NamedTuple):
    """The steps that share one line along the left or the right of the main line, as they lead to the same state."""

    on_left: bool
    to: str
    edges: tuple[Edge, ...]


class Plan(NamedTuple):
    """The main line from top to bottom, the states beside it in order, and every step: on the main line or off it.

    Of those off it, `lanes` holds the ones that run along the sides, with their track counted outwards, `column` those
    between neighbours beside the main line, `jumps` those without a line. Actions with a step off it have a number.
    """

    main: tuple[str, ...]
    side: tuple[str, ...]
    steps: tuple[Edge, ...]
    others: tuple[Edge, ...]
    lanes: Mapping[Lane, int]
    column: tuple[Edge, ...]
    jumps: tuple[Edge, ...]
    numbers: Mapping[str, int]
    levels: Mapping[str, float]

    def tracks(self, *, on_left: bool) -> int:
        """How many lines run beside each other on one side of the main line."""
        return max((track + 1 for lane, track in self.lanes.items() if lane.on_left is on_left), default=0)

    def near(self, name: str) -> tuple[str, ...]:
        """The states with which a state is connected by lines, once for each line."""
        drawn = (*self.column, *(edge for lane in self.lanes for edge in lane.edges))
        return _near(name, drawn)


@cache
def make_plan(procedure: Procedure) -> Plan:
    """How a procedure is drawn, from its states and actions alone; worked out once, whichever state is marked."""
    edges = edges_of(procedure)
    main = main_line(procedure, edges)
    forward = set(pairwise(main))
    steps = tuple(edge for edge in edges if (edge.source, edge.to) in forward)
    others = tuple(edge for edge in edges if (edge.source, edge.to) not in forward)
    jumps = tuple(edge for edge in others if _is_jump(edge, others))
    lines = tuple(edge for edge in others if edge not in jumps)
    levels = _levels(procedure, main, lines)
    side = tuple(sorted((name for name in procedure.states if name not in main), key=lambda name: levels[name]))
    neighbours = {frozenset(pair) for pair in pairwise(side)}
    column = tuple(edge for edge in lines if {edge.source, edge.to} in neighbours)
    lanes = _lanes(main, [edge for edge in lines if edge not in column])
    named = dict.fromkeys(edge.action for edge in others)
    numbers = {action: number for number, action in enumerate(named, start=1)}
    return Plan(main, side, steps, others, _tracks(lanes, main, levels), column, jumps, numbers, levels)


def edges_of(procedure: Procedure) -> tuple[Edge, ...]:
    """Every step from a state to another one, in the order of the file, each once per action."""
    steps = (
        Edge(action.name, source, branch.to)
        for action in procedure.actions.values()
        for source in action.sources
        for branch in action.branches
        if branch.to != SAME
    )
    return tuple(dict.fromkeys(steps))


def main_line(procedure: Procedure, edges: Sequence[Edge]) -> tuple[str, ...]:
    """The longest way from the start along steps down the file, to the first final state it can reach if any."""
    place = {name: number for number, name in enumerate(procedure.states)}
    ways: dict[str, tuple[str, ...]] = {procedure.start: (procedure.start,)}
    for _, source, to in sorted(edges, key=lambda edge: place[edge.source]):
        way = (*ways.get(source, ()), to)
        if source in ways and place[to] > place[source] and len(way) > len(ways.get(to, ())):
            ways[to] = way
    finals = [ways[name] for name, state in procedure.states.items() if state.kind is StateKind.FINAL and name in ways]
    return finals[0] if finals else max(ways.values(), key=len)


def main_edges(plan: Plan) -> list[list[str]]:
    """The actions of each step of the main line, from top to bottom."""
    return [
        [edge.action for edge in plan.steps if (edge.source, edge.to) == (above, below)]
        for above, below in pairwise(plan.main)
    ]


def port_order(plan: Plan, name: str, *, on_left: bool) -> list[Edge | None]:
    """The steps that leave a state on one side, and None where steps arrive, from top to bottom without crossings."""
    ports: list[tuple[float, bool, Edge | None]] = []
    for lane in plan.lanes:
        if lane.on_left is on_left:
            ports += [(plan.levels[lane.to], True, edge) for edge in lane.edges if edge.source == name]
            if lane.to == name:
                ports.append((fmean(plan.levels[edge.source] for edge in lane.edges), False, None))
    return [edge for _, _, edge in sorted(ports, key=lambda port: port[:2])]


def _is_jump(edge: Edge, others: Sequence[Edge]) -> bool:
    alike = [other for other in others if (other.action, other.to) == (edge.action, edge.to)]
    return len(alike) > MANY_SOURCES or edge.source == edge.to


def _near(name: str, edges: Sequence[Edge]) -> tuple[str, ...]:
    return tuple(edge.to if edge.source == name else edge.source for edge in edges if name in (edge.source, edge.to))


def _levels(procedure: Procedure, main: Sequence[str], lines: Sequence[Edge]) -> dict[str, float]:
    """How far down each state stands: its place on the main line, or the middle of those it is connected with."""
    levels = {name: float(number) for number, name in enumerate(main)}
    beside = [name for name in procedure.states if name not in levels]
    for name in beside:
        near = [levels[other] for other in _near(name, lines) if other in main]
        if near:
            levels[name] = fmean(near)
    for name in beside:
        near = [levels[other] + 1 for other in _near(name, lines) if other in levels]
        levels.setdefault(name, min(near, default=float(len(main))))
    return levels


def _lanes(main: Sequence[str], edges: Sequence[Edge]) -> list[Lane]:
    kinds = dict.fromkeys((edge.source in main and edge.to in main, edge.to) for edge in edges)
    return [
        Lane(on_left, to, tuple(e for e in edges if e.to == to and (e.source in main and e.to in main) is on_left))
        for on_left, to in kinds
    ]


def _tracks(lanes: Sequence[Lane], main: Sequence[str], levels: Mapping[str, float]) -> dict[Lane, int]:
    """A track for each lane so that no two overlap: those that leave the main line inside, then the shorter ones."""
    reach = {lane: [levels[name] for edge in lane.edges for name in edge[1:]] for lane in lanes}
    order = sorted(lanes, key=lambda lane: (lane.to in main, max(reach[lane]) - min(reach[lane])))
    tracks: dict[Lane, int] = {}
    for lane in order:
        taken = {
            track
            for other, track in tracks.items()
            if other.on_left is lane.on_left
            and min(reach[other]) <= max(reach[lane])
            and min(reach[lane]) <= max(reach[other])
        }
        tracks[lane] = next(track for track in range(len(lanes)) if track not in taken)
    return tracks
