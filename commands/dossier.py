"""One dossier on the command line: how it stands, and a whole walk through its procedure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import click
from sqlalchemy import Connection, Engine, select

from casework import clock, inheriting, moving
from casework.audit import verify
from casework.errors import NotFound, Refused
from casework.moving import Standing
from casework.standing import clock_of
from casework.storage import open_storage
from casework.unit_of_work import reading, unit_of_work
from commands.context import SpeakingGroup, opened
from jobs.handlers import render_papers
from jobs.tools import tools_of
from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from models.events import DossierEvent
from models.people import Person
from practice.company import read_company
from practice.walk import Step, free_commune, main_road, procedure_on, road_of, walk
from queries.about import papers_of
from queries.days import VIETNAM, day_of
from queries.facts import CaseFile, read_case
from queries.rulebook import move_plans
from queries.wording import label, sentence
from settings import Settings, load
from workflow.deadlines import ledger
from workflow.decide import offered
from workflow.facts import Actor, Grant
from workflow.names import DocumentKind, Tier
from workflow.procedure import Action, Procedure
from workflow.refusal import refuse

D, E, PAPER, PERSON = table_of(Dossier), table_of(DossierEvent), table_of(Paper), table_of(Person)
GROUP = SpeakingGroup("dossier", help="Show a dossier, walk one through its procedure, or move some to another one.")


@GROUP.command("show")
@click.argument("code")
def show(code: str) -> None:
    """Print where the dossier CODE lies, until when and how that was counted, and all that happened to it."""
    with opened() as engine, reading(engine) as connection:
        found = connection.execute(select(D.c.id).where(D.c.code == code)).scalar()
        if found is None:
            raise click.ClickException(f"Không có hồ sơ {code}. / There is no dossier {code}.")
        today = day_of(clock.now(connection))
        file = read_case(connection, found, 0, today)
        events = connection.execute(select(E).where(E.c.dossier_id == found).order_by(E.c.seq)).all()
    if file is None:
        return
    state = file.procedure.states[file.facts.state]
    click.echo(f"{code}  {file.row.unit_name}  {file.procedure.id}  {state.label_vi} / {state.label_en}")
    if state.holder:
        click.echo(f"  {label('roles', state.holder, 'vi')} / {label('roles', state.holder, 'en')}")
    show_days(file)
    show_offers(file)
    for event in events:
        at = event.at.astimezone(VIETNAM)
        reason = f": {event.reason}" if event.reason else ""
        click.echo(
            f"{event.seq:3}  {at:%d/%m/%Y %H:%M}  {label('events', event.type, 'vi')}  ({event.person_name}){reason}"
        )


def show_days(file: CaseFile) -> None:
    """Print the account of days of the clock that runs in the dossier's state."""
    running = clock_of(file.procedure, file.facts.state)
    if running is None:
        return
    account = ledger(file.stays, running, file.calendar, file.facts.today)
    due = f"{account.due_on:%d/%m/%Y}" if account.due_on else "—"
    click.echo(f"  {account.used}/{running.days} ngày / days, hạn / due {due}, {account.state}")
    for entry in account.entries:
        click.echo(f"    {entry.day:%d/%m/%Y}  {'+1' if entry.counted else '  '}  {entry.text_vi}")


def show_offers(file: CaseFile) -> None:
    """Print each action of the state with the office that takes it, and what still stands against it."""
    for action in file.procedure.actions_from(file.facts.state):
        offer = next(
            offer for offer in offered(file.procedure, file.facts, in_office(file, action)) if offer.action is action
        )
        offices = ", ".join(label("roles", role, "vi") for role in action.by)
        click.echo(f"  → {action.label_vi} / {action.label_en} ({offices}): {offer.status}")
        for refusal in offer.refusals:
            click.echo(f"      ✗ {sentence(refusal, 'vi')} [{refusal.code}]")


def in_office(file: CaseFile, action: Action) -> Actor:
    """Somebody who holds the offices that take an action, so that only the facts can stand against it."""
    units = {Tier.COMMUNE: file.row.unit_id, Tier.DISTRICT: file.row.district_id, Tier.PROVINCE: file.row.province_id}
    return Actor(0, "", tuple(Grant(role, units[role.tier], date.min) for role in action.by))


@GROUP.command("walk")
@click.option("--to", default="", help="State at which the walk ends; the end of the procedure without it.")
def walk_(to: str) -> None:
    """Walk a new dossier of a free commune through its procedure as its actors, and check the history after it."""
    settings = load()
    with opened(settings) as engine:
        storage = open_storage(settings.files_path)
        with reading(engine) as connection:
            today = day_of(clock.now(connection))
            company = read_company(connection, storage, today)
            try:
                unit_id, code = free_commune(connection, today)
                road = main_road(procedure_on(today))
            except LookupError as error:
                raise click.ClickException(f"Không còn xã nào để lập hồ sơ. / {error}.") from error
        if to and to not in road:
            raise click.ClickException(f"Đường đi qua / the way leads through: {', '.join(road)}")
        steps = []
        for step in walk(road_of(engine, company), unit_id, code, today, to):
            steps.append(step)
            say(step)
        tools = tools_of(settings, engine)
        for step in steps:
            render_papers(step.receipt.event_id, step.at, tools)
        with reading(engine) as connection:
            say_paper(connection, settings, steps[-1].receipt.dossier_id)
            verdict = verify(connection)
    click.echo(f"{verdict.events} sự kiện, {len(verdict.findings)} sai lệch / events, findings")
    if verdict.findings:
        raise SystemExit(1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Why dossiers are moved, and how: what is printed first, which are meant, and how one of them is moved."""

    title: str
    found: Callable[[Connection, date], Iterable[Standing]]
    carry_out: Callable[[Connection, Standing, int, datetime], object]
    procedure: Procedure | None = None


@GROUP.command("move")
@click.argument("codes", nargs=-1)
@click.option("--by", "login", required=True, help="Login of the one in whose office the dossiers are moved.")
@click.option("--plan", "name", default="three-tier-to-two-tier", show_default=True, help="Or ended-units.")
@click.option("--end", "ending", is_flag=True, help="With ended-units: end those whose unit was merged or split.")
@click.option("--dry-run", is_flag=True, help="List what would be moved and what would not, and write nothing.")
def move_(codes: tuple[str, ...], login: str, name: str, *, ending: bool, dry_run: bool) -> None:
    """Move dossiers whose district has ended, or whose unit has, each by itself; CODES chooses some.

    With a plan of workflow/moves/ they go on by the procedure that follows. With ended-units those of a unit that was
    only renamed go on under its new name; those of a unit that was merged or split cannot, and are ended by --end.
    """
    plan = plan_called(name, ending=ending)
    with opened() as engine:
        with reading(engine) as connection:
            person_id = person_called(connection, login)
            found = [one for one in plan.found(connection, day_of(clock.now(connection))) if fits(one, codes)]
        click.echo(f"{plan.title}, {len(found)} hồ sơ / dossiers")
        refused = [one for one in found if not moved_one(engine, plan, one, person_id, dry_run=dry_run)]
    if not ending and any(one.code == "inheriting.not_the_same" for each in refused for one in each.against):
        click.echo("Thêm --end để kết thúc các hồ sơ không tiếp tục được. / Add --end to end those that cannot go on.")
    if unknown := set(codes) - {one.code for one in found}:
        raise click.ClickException(f"Không chuyển được / not among them: {', '.join(sorted(unknown))}")
    if refused and not dry_run:
        raise SystemExit(1)


def plan_called(name: str, *, ending: bool) -> Plan:
    """The plan of a name."""
    if name == inheriting.PLAN:
        found = partial(inheriting.listed, ending=ending)
        return Plan(name, found, inheriting.succeed_one)
    by_name = {one.name: one for one in move_plans().values()}
    if name not in by_name:
        known = ", ".join((*by_name, inheriting.PLAN))
        raise click.ClickException(f"Không có kế hoạch {name}. / There is no plan {name}. {known}")
    plan = by_name[name]

    def carry_out(connection: Connection, one: Standing, person_id: int, now: datetime) -> None:
        moving.move_dossier(connection, one.dossier_id, plan, person_id, now)

    title = f"{plan.name}: {plan.old.id} → {plan.new.id}"
    return Plan(title, lambda connection, today: moving.listed(connection, plan, today), carry_out, plan.old)


def fits(one: Standing, codes: tuple[str, ...]) -> bool:
    """Whether a dossier is among those that were chosen; without a choice each is."""
    return not codes or one.code in codes


def person_called(connection: Connection, login: str) -> int:
    """The id of the person with a login."""
    found = connection.execute(select(PERSON.c.id).where(PERSON.c.login == login)).scalar()
    if found is None:
        raise click.ClickException(f"Không có tài khoản {login}. / There is no account {login}.")
    return int(found)


def moved_one(engine: Engine, plan: Plan, one: Standing, person_id: int, *, dry_run: bool) -> bool:
    """Move one dossier in a transaction of its own, and print where it goes on, or why it stays."""
    heir = f"{one.heir}, " if one.heir else ""
    click.echo(f"{one.code}  {one.unit_name}: {one.state} → {heir}{one.to}")
    for guard in one.again:
        click.echo(f"            + {label('guards', guard, 'vi')} [{guard}]")
    refusals = one.against
    if not refusals and not dry_run:
        try:
            with unit_of_work(engine) as connection:
                plan.carry_out(connection, one, person_id, clock.now(connection))
        except Refused as error:
            refusals = error.refusals
        except NotFound:
            refusals = (refuse("policy.reach", unit=one.unit_name),)
    for refusal in refusals:
        click.echo(f"            ✗ {sentence(refusal, 'vi', plan.procedure)} [{refusal.code}]")
    return not refusals


def say(step: Step) -> None:
    """Print one step: the refusals that were met, the work that mended them, then the action."""
    for refusal in step.refusals:
        click.echo(f"            ✗ {sentence(refusal, 'vi')} [{refusal.code}]")
    for work in step.mended:
        click.echo(f"            + {label('works', work, 'vi')}")
    at = step.at.astimezone(VIETNAM)
    number = f"  số / number {step.receipt.number}" if step.receipt.number else ""
    click.echo(f"{at:%d/%m/%Y}  {step.actor}: {step.action.label_vi} → {step.receipt.to_state}{number}")


def say_paper(connection: Connection, settings: Settings, dossier_id: int) -> None:
    """Print where the decision's PDF lies, with its hash."""
    decisions = select(PAPER).select_from(papers_of(dossier_id)).where(PAPER.c.kind == DocumentKind.DECISION.value)
    for paper in connection.execute(decisions.order_by(PAPER.c.id)):
        place = settings.files_path / paper.sha256[:2] / paper.sha256 if paper.sha256 else "—"
        click.echo(f"Quyết định / decision {paper.number:02d}/{paper.symbol}: {place}\n  SHA-256 {paper.sha256}")
