"""Building a practice province: a real territory, invented people, and forty dossiers with their true history.

Everything that was ever done there is done in its order, at its moment, through the doors of real work, and all of it
is one transaction: a building that is interrupted leaves an empty database.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from obstore.store import ObjectStore
from sqlalchemy import Connection, bindparam, func, insert, select, update

from casework import clock, copying, council, publication
from casework.admin_record import COMMAND
from casework.errors import CaseworkError
from casework.issued_papers import Sending, note_dispatch
from casework.issuing import provincial_symbol
from casework.storage import open_storage
from casework.territory import found_territory
from casework.unit_of_work import unit_of_work
from documents.wording import inside
from models.base import table_of
from models.database import make_engine
from models.documents import Installation, NumberSeries, Paper, PaperDossier
from models.dossiers import Dossier
from models.events import DossierEvent, EffectRow
from models.people import Person
from models.places import AdminUnit, CriteriaAdoption
from practice.company import Company, appoint, read_company, units_on
from practice.material import material
from practice.scenario import Life, Scenario, scenario_of
from practice.scene import look
from practice.schedule import AFTERNOON, COUNCIL, MORNING, RECOMMENDED, Visit, calendar_of, moment, shift, visits
from practice.signing_keys import make_keys, signers_of
from practice.steps import act_together, advance, open_one, prepare
from practice.works import hold_session
from queries.copies import original
from queries.days import VIETNAM, day_of
from queries.people import read_actor
from queries.publication import signing_key
from queries.rulebook import criteria_sets, procedure_for
from settings import ROOT, SIGNING_KEYS, Settings
from workflow.copies import SERIES as COPIES
from workflow.deadlines import Calendar
from workflow.names import DocumentKind, Effect, EventType, Role, Subject
from workflow.procedure import Procedure

P, U, D, X, E = (table_of(one) for one in (Person, AdminUnit, Dossier, EffectRow, DossierEvent))
PAPER, B = table_of(Paper), table_of(PaperDossier)
INSTALLATION, ADOPTION, SERIES = table_of(Installation), table_of(CriteriaAdoption), table_of(NumberSeries)
PROVINCE, PRINTED = "04", 15
RECENT = timedelta(days=3)
PACE = timedelta(seconds=30)


class CannotBuild(CaseworkError):
    """There is something in the database already, so that no practice province can be built there."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was built: units, people, dossiers by state, and the effects that the worker still has to do."""

    units: int
    people: int
    states: dict[str, int]
    effects_due: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What the dossiers of a province stand on while they are built."""

    connection: Connection
    company: Company
    scenario: Scenario
    procedure: Procedure
    calendar: Calendar
    today: date
    units: dict[str, int]
    opened: dict[str, int]

    @property
    def sessions(self) -> dict[str, date]:
        """The days of the council's sessions."""
        return {name: shift(self.calendar, self.today, away) for name, away in self.scenario.sessions.items()}

    def on_agenda(self, session: str) -> list[Life]:
        """The dossiers of a session; those that lie with the council today are on the agenda of the coming one."""
        coming = max(self.scenario.sessions, key=lambda name: self.scenario.sessions[name])
        lives = self.scenario.lives
        return [life for life in lives if life.session == session or (life.to == COUNCIL and session == coming)]

    def decided_with(self, life: Life) -> list[Life]:
        """The dossiers that are recognised in one decision with this one, itself among them; none if it is alone."""
        lives = self.scenario.lives
        return [one for one in lives if one.joint and one.session == life.session] if life.joint else []


Happening = tuple[datetime, int, Callable[[], object]]


def build(settings: Settings) -> Summary:
    """Build the province of the settings' scenario into an empty, migrated database, or say why not."""
    if not settings.practice:
        raise CannotBuild("PRACTICE=0: dữ liệu thật, không dựng tỉnh thực hành / real data, no practice province")
    engine = make_engine(settings.database_url)
    try:
        with _no_search_for_garbage(), unit_of_work(engine) as connection:
            require_empty(connection)
            built_at = clock.now(connection)
            ground = found(connection, open_storage(settings.files_path), scenario_of(settings.scenario), built_at)
            make_all_keys(connection, settings)
            for _, _, happen in sorted(happenings(ground), key=lambda one: one[:2]):
                happen()
            send_out(ground)
            copy_a_decision(ground, min(datetime.combine(ground.today, time(8), VIETNAM), clock.now(connection)))
            let_old_papers_wait(connection, ground.today)
            return summarise(connection)
    finally:
        engine.dispose()


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Building leaves next to none, and looking for it takes a tenth of the time."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def make_all_keys(connection: Connection, settings: Settings) -> None:
    """Give a practice province its publication key and its keys for signing; those that it has stay."""
    if signing_key(connection) is None:
        publication.create(connection, settings.keys_path, COMMAND, clock.now(connection))
    make_keys(settings.instance_path / SIGNING_KEYS, signers_of(connection), PROVINCE)


def require_empty(connection: Connection) -> None:
    """Refuse a database in which anybody has worked, or could."""
    practice = connection.execute(select(INSTALLATION.c.practice)).scalar()
    if practice:
        raise CannotBuild("tỉnh thực hành đã được dựng ở đây / there is a practice province here already")
    used = any(connection.execute(select(table.c.id).limit(1)).first() for table in (P, U, D))
    if practice is False or used:
        raise CannotBuild(
            "cơ sở dữ liệu đã có dữ liệu thật, không dựng tỉnh thực hành lên đó; hãy chọn DATABASE_URL khác / "
            "the database holds real data, no practice province is built over it; choose another DATABASE_URL"
        )


def found(connection: Connection, storage: ObjectStore, scenario: Scenario, built_at: datetime) -> Ground:
    """Found the province: territory, calendar, criteria, numbers, people and council, in its own time."""
    now = scenario.starts_at or built_at
    today = day_of(now)
    row = {"id": 1, "practice": True, "scenario": scenario.name, "practice_starts_at": scenario.starts_at}
    connection.execute(insert(INSTALLATION), {**row, "built_at": built_at})
    found_territory(connection, ROOT / "data")
    units = units_on(connection, scenario.officers_since)
    adopt(connection)
    open_numbers(connection, scenario, units[PROVINCE], today)
    appoint(connection, scenario, datetime.combine(scenario.officers_since, time(8), VIETNAM))
    procedure = procedure_for(Subject.COMMUNE, today)
    assert procedure is not None
    company = read_company(connection, storage, today)
    return Ground(connection, company, scenario, procedure, calendar_of(connection), today, units, {})


def adopt(connection: Connection) -> None:
    """Adopt the national set by a decision of the practice province, with the levels that it fixes itself."""
    adoption = material("figures")["adoption"]
    connection.execute(
        insert(ADOPTION),
        {
            "set_key": adoption["set"],
            "subject": criteria_sets()[adoption["set"]].subject.value,
            "level": adoption["level"],
            "decision": adoption["decision"],
            "decided_on": adoption["decided_on"],
            "group_default": adoption["group"],
            "thresholds": adoption["thresholds"],
            "valid_from": adoption["decided_on"],
            "practice": True,
        },
    )


def open_numbers(connection: Connection, scenario: Scenario, province_id: int, today: date) -> None:
    """Open the series of decisions of every year up to this one where the register stands, those of others anew."""
    years = range(min(scenario.numbers), today.year + 1)
    lasts = {year: scenario.numbers.get(year, 0) for year in years}
    anew = dict.fromkeys(years, 0)
    letters = provincial_symbol(DocumentKind.CORRECTION_LETTER)
    begun = {provincial_symbol(DocumentKind.DECISION): lasts, letters: anew, COPIES: anew}
    connection.execute(
        insert(SERIES),
        [
            {"unit_id": province_id, "symbol": symbol, "year": year, "paper_last": last, "last": last}
            for symbol, each in begun.items()
            for year, last in each.items()
        ],
    )


# --- what happened, in its order ---


def happenings(ground: Ground) -> Iterator[Happening]:
    """Everything that happened in the province, each with its moment and its place among what happened at once."""
    for place, life in enumerate(ground.scenario.lives):
        yield from _happenings_of(ground, life, place)
    for name, held_on in ground.sessions.items():
        yield from _sittings(ground, name, held_on)


def _happenings_of(ground: Ground, life: Life, place: int) -> Iterator[Happening]:
    stays = visits(ground.procedure, life, ground.calendar, ground.today, ground.sessions)
    opened_at = moment(stays[0].entered, MORNING, life.commune)
    yield opened_at, place, lambda: _open(ground, life, opened_at)
    together = ground.decided_with(life)
    for stay in stays:
        if stay.left is not None and stay.state == RECOMMENDED and together:
            if life is together[0]:
                at = moment(stay.left, AFTERNOON, life.session)
                yield at, place, _decide_together(ground, together, at)
        elif stay.left is not None:
            at = moment(stay.left, AFTERNOON, life.commune)
            yield at, place, _step(ground, life, stay, at)
    if life.filled:
        at = moment(shift(ground.calendar, stays[-1].entered, 1), MORNING, life.commune)
        yield at, place, lambda: _begin(ground, life, at)


def _open(ground: Ground, life: Life, at: datetime) -> None:
    unit_id = ground.units[life.commune]
    ground.opened[life.commune] = open_one(ground.connection, ground.company, unit_id, life.commune, at).dossier_id


def _step(ground: Ground, life: Life, stay: Visit, at: datetime) -> Callable[[], object]:
    prepared_at = moment(at.date(), MORNING, life.commune)

    def take() -> None:
        dossier_id = ground.opened[life.commune]
        advance(
            ground.connection,
            ground.company,
            dossier_id,
            at,
            prepared_at=prepared_at,
            turn=stay.turn,
            weak=life.weak,
        )

    return take


def _decide_together(ground: Ground, lives: Sequence[Life], at: datetime) -> Callable[[], object]:
    def take() -> None:
        act_together([look(ground.connection, ground.company, ground.opened[one.commune], at) for one in lives])

    return take


def _begin(ground: Ground, life: Life, at: datetime) -> None:
    """Do a share of the work of the state in which the dossier lies today."""
    scene = look(ground.connection, ground.company, ground.opened[life.commune], at)
    prepare(replace(scene, weak=life.weak, share=life.filled))


def _sittings(ground: Ground, name: str, held_on: date) -> Iterator[Happening]:
    """The council is called three working days before a session, or yesterday; it sits in the morning of its day."""
    called_on = min(shift(ground.calendar, held_on, -3), shift(ground.calendar, ground.today, -1))
    called_at = datetime.combine(called_on, time(17), VIETNAM)
    sessions: list[int] = []
    yield called_at, 0, lambda: sessions.append(_convene(ground, name, held_on, called_at))
    if held_on < ground.today:
        held_at = datetime.combine(held_on, time(8), VIETNAM)
        yield held_at, 0, lambda: _hold(ground, name, sessions[0], held_at)


def _convene(ground: Ground, name: str, held_on: date, at: datetime) -> int:
    agenda = tuple(ground.opened[life.commune] for life in ground.on_agenda(name))
    places, secretary = material("texts")["meeting_places"], _secretary(ground)
    place = places[sorted(ground.scenario.sessions).index(name) % len(places)]
    return council.convene(ground.connection, ground.company.council_id, held_on, place, agenda, secretary, at)


def _secretary(ground: Ground) -> int:
    return ground.company.holders(Role.COUNCIL_SECRETARY, ground.units[PROVINCE])[0]


def _hold(ground: Ground, name: str, session_id: int, at: datetime) -> None:
    lives = ground.on_agenda(name)
    scene = look(ground.connection, ground.company, ground.opened[lives[0].commune], at + timedelta(minutes=30))
    turned_down = {life.commune for life in lives if COUNCIL in life.turns and life.turns[COUNCIL].against}
    in_favour = {ground.opened[life.commune]: life.commune not in turned_down for life in lives}
    hold_session(scene, session_id, in_favour)


# --- afterwards ---


def send_out(ground: Ground) -> None:
    """Enter in the outgoing register how each decision went out on its day; the last one still waits for that."""
    connection, company = ground.connection, ground.company
    (clerk, *_) = company.holders(Role.RECORDS_CLERK, ground.units[PROVINCE])
    signed = select(PAPER.c.id, PAPER.c.signed_on).where(PAPER.c.number.is_not(None)).order_by(PAPER.c.number)
    for paper in connection.execute(signed).all()[:-1]:
        noted_at = datetime.combine(paper.signed_on, AFTERNOON, VIETNAM)
        sending = Sending(PRINTED, paper.signed_on, "VT, Phòng Kinh tế", note="Gửi qua trục liên thông và bản giấy")
        note_dispatch(connection, paper.id, sending, None, clerk, noted_at)


def let_old_papers_wait(connection: Connection, today: date) -> None:
    """Render the papers of older acts one by one in the background; each is made at once when somebody asks for it."""
    since = datetime.combine(today - RECENT, time(0), VIETNAM)
    drawn = select(X.c.id).join(E, E.c.id == X.c.event_id).where(X.c.kind == Effect.RENDER_PAPERS.value)
    old = drawn.where(E.c.at < since, E.c.type != EventType.RECOGNISED.value).order_by(E.c.at.desc(), X.c.id)
    now = clock.now(connection)
    waits = [{"this": row.id, "later": now + PACE * number} for number, row in enumerate(connection.execute(old), 1)]
    if waits:
        connection.execute(update(X).where(X.c.id == bindparam("this")).values(run_at=bindparam("later")), waits)


def copy_a_decision(ground: Ground, now: datetime) -> None:
    """Have the clerk copy the first decision on the fewest units, which went out signed by hand, for the commune."""
    decides = (B.c.paper_id == PAPER.c.id) & (PAPER.c.kind == DocumentKind.DECISION.value)
    listed = select(PAPER.c.id).join(B, decides).group_by(PAPER.c.id)
    first = ground.connection.execute(listed.order_by(func.count(), PAPER.c.id).limit(1)).first()
    clerk = next(iter(ground.company.holders(Role.RECORDS_CLERK, ground.units[PROVINCE])), None)
    if first is None or clerk is None:
        return
    paper = original(ground.connection, read_actor(ground.connection, clerk), ground.today, first.id)
    assert paper is not None
    signer = copying.signers_of(ground.connection, paper.unit_id, paper, ground.today)[0]
    recipients = (f"Ủy ban nhân dân {inside(paper.dossier_unit)}", "Phòng Kinh tế xã")
    wanted = copying.Wanted(DocumentKind.TRUE_COPY, signer.person_id, ground.today, recipients)
    copying.make_copy(ground.connection, first.id, wanted, clerk, now)


def summarise(connection: Connection) -> Summary:
    """Count what stands in the province."""
    count = func.count()
    states = connection.execute(select(D.c.state, count).group_by(D.c.state).order_by(D.c.state)).all()
    return Summary(
        units=connection.execute(select(count).select_from(U)).scalar_one(),
        people=connection.execute(select(count).select_from(P)).scalar_one(),
        states=dict(states),
        effects_due=connection.execute(select(count).select_from(X).where(X.c.status == "queued")).scalar_one(),
    )
