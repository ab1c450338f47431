"""What a task is: one thing to fill in between two actions, with its form, what stands there now, and who takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from obstore.store import ObjectStore
from sqlalchemy import Connection
from wtforms import Form

from blueprints.desk.base import Board, section_of
from blueprints.desk.reckoning import Reckoned
from blueprints.forms import UploadField
from casework import filing
from workflow.names import Work


@dataclass(frozen=True, slots=True)
class Act:
    """One filling-in: in which transaction, on which dossier, of what, by whom and when, with the filled form."""

    connection: Connection
    storage: ObjectStore
    board: Board
    item: str
    form: Any
    now: datetime

    @property
    def by(self) -> tuple[int, datetime]:
        """The person and the moment, as casework takes them."""
        return self.board.person.person_id, self.now

    def store(self, field: UploadField, standing: str | None = None) -> str | None:
        """Keep the chosen file and give its hash; without one, the hash of the file that is there already."""
        upload = field.upload()
        return filing.store(self.connection, self.storage, upload, self.now) if upload else standing


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to fill in: the work it is, its title, its form, the values that stand, and the call that takes it.

    `signed`: who entered what stands, and when. `reckon`: what typed counts come to beside the figures of the
    procedure. `shows`: what a template of its own lays out. `place`: where on the pages it belongs, if not in a section
    of its own.
    """

    work: Work
    title: Any
    form: Callable[[Board, str], type[Form]]
    save: Callable[[Act], object]
    standing: Callable[[Board, str], Mapping[str, Any]] = lambda _board, _item: {}
    fits: Callable[[Board], bool] = lambda _board: True
    of_item: bool = False
    place: Callable[[Board, str], str] = lambda _board, _item: ""
    signed: Callable[[Board], tuple[str, datetime] | None] = lambda _board: None
    reckon: Callable[[Board, Form], tuple[Reckoned, ...]] = lambda _board, _form: ()
    shows: Callable[[Board, Form], Any] = lambda _board, _form: None
    template: str = "desk/task.html"

    def back(self, board: Board, item: str) -> str:
        """Where the task belongs: the place of its own, else a section of the dossier's page."""
        return self.place(board, item) or f"{board.url}#{section_of(self.work)}"


def fixed(form: type[Form]) -> Callable[[Board, str], type[Form]]:
    """A form that is the same for every dossier."""
    return lambda _board, _item: form
