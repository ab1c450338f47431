"""What stands between a dossier and its next step: every reason, by where it belongs, each with its own place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from blueprints.desk.base import Board, section_of
from blueprints.face import lang
from queries.wording import action_label, in_order, mend_of
from workflow.decide import onward, standing_between
from workflow.names import Work
from workflow.procedure import Action
from workflow.refusal import Refusal

LISTED = ("indicators", "criteria", "parts", "items")
ORDER = ("criteria", "conditions", "parts", "council", "next")
SLOT = "\u0000"


class Place(NamedTuple):
    """One thing of a reason that names several, and where it is mended."""

    words: str
    url: str


class Gap(NamedTuple):
    """One reason as a sentence: the words before and after the things that it names, and where each of these leads."""

    before: str
    places: tuple[Place, ...]
    after: str
    url: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The step that comes next, and what stands before it by the section of the dossier's page."""

    action: Action
    sections: tuple[tuple[str, tuple[Gap, ...]], ...]
    count: int

    @property
    def label(self) -> str:
        """The next step in the language of the page."""
        return action_label(self.action, lang())


def missing_of(board: Board) -> Missing | None:
    """What stands between a dossier and its next step; None when nothing comes next."""
    action = onward(board.file.procedure, board.state.name)
    if action is None:
        return None
    refusals = standing_between(board.file.procedure, board.file.facts)
    found: dict[str, list[Gap]] = {}
    for refusal in refusals:
        found.setdefault(_section(refusal), []).append(_gap(board, refusal))
    sections = tuple((name, tuple(found[name])) for name in ORDER if name in found)
    return Missing(action, sections, count_of(refusals))


def count_of(refusals: Iterable[Refusal]) -> int:
    """How many things are to be mended: each indicator, criterion or part that a reason names counts for itself."""
    return sum(len(_named(refusal)[1]) or 1 for refusal in refusals)


def _section(refusal: Refusal) -> str:
    """The section of the dossier's page to which a reason belongs."""
    place = mend_of(refusal)
    if place in {work.value for work in Work}:
        return section_of(Work(place))
    return place if place in ORDER else "next"


def _named(refusal: Refusal) -> tuple[str, tuple[str, ...]]:
    """The parameter of a reason that lists things, and what it lists, in order."""
    for name in LISTED:
        listed = refusal.parameters.get(name)
        if isinstance(listed, tuple):
            return name, tuple(sorted(listed, key=in_order))
    return "", ()


def _gap(board: Board, refusal: Refusal) -> Gap:
    name, codes = _named(refusal)
    if not codes:
        sentence, url = board.say(refusal)
        return Gap(sentence, (), "", url)
    before, _slot, after = board.say(Refusal(refusal.code, {**refusal.parameters, name: (SLOT,)}))[0].partition(SLOT)
    each = [Refusal(refusal.code, {**refusal.parameters, name: (code,)}) for code in codes]
    return Gap(before, tuple(Place(_words(board, one, before, after), board.say(one)[1]) for one in each), after, "")


def _words(board: Board, refusal: Refusal, before: str, after: str) -> str:
    """How the sentence speaks of the one thing that is left in it."""
    return board.say(refusal)[0].removeprefix(before).removesuffix(after)
