"""What can stand against an act besides the law's own refusals: not found, page grown old, key of another act."""

from collections.abc import Mapping
from datetime import datetime

from workflow.refusal import Refusal


class CaseworkError(Exception):
    """Anything that stops an act before it is written; nothing is changed then."""


class NotFound(CaseworkError):
    """There is no such thing, or not for this person."""


class Stale(CaseworkError):
    """The page is out of date: somebody else has changed the dossier since it was opened."""

    def __init__(self, by: str, at: datetime, state: str, version: int) -> None:
        super().__init__(f"changed by {by} at {at:%Y-%m-%d %H:%M} UTC; now in '{state}', version {version}")
        self.by, self.at, self.state, self.version = by, at, state, version


class StaleAnswers(Stale):
    """Somebody else has answered some of these indicators since the page was opened."""

    def __init__(self, latest: Stale, indicators: tuple[str, ...]) -> None:
        super().__init__(latest.by, latest.at, latest.state, latest.version)
        self.indicators = indicators


class Refused(CaseworkError):
    """The rules do not allow it, with every reason at once."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("; ".join(refusal.code for refusal in refusals))
        self.refusals = refusals


class NotTogether(CaseworkError):
    """Several dossiers cannot be decided in one decision: which have changed meanwhile, which are refused and why."""

    def __init__(self, stale: Mapping[int, Stale], refused: Mapping[int, tuple[Refusal, ...]]) -> None:
        said = (f"dossier {key}: {', '.join(one.code for one in refused[key])}" for key in sorted(refused))
        super().__init__("; ".join((*(f"dossier {key}: {stale[key]}" for key in sorted(stale)), *said)))
        self.stale, self.refused = stale, refused


class KeyReused(CaseworkError):
    """The request key belongs to another act; the form must be opened again."""
