"""YAML -> MovePlan, or every mistake at once with its file and line. What a plan must prove is in `moving`."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from workflow.guards import GUARDS
from workflow.moving import Move, MovePlan, prove_move
from workflow.names import Mark, Role
from workflow.procedure import Procedure
from workflow.source import Broken, Problem, Reader, each, read

FOLDER = Path(__file__).parent / "moves"


def load_moves(procedures: Mapping[str, Procedure], folder: Path = FOLDER) -> dict[tuple[str, str], MovePlan]:
    """Every plan of a folder by the procedures it leads from and to, or every mistake of every file."""
    plans: dict[tuple[str, str], MovePlan] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            plan = load_move(path, procedures)
        except Broken as broken:
            problems.extend(broken.problems)
            continue
        plans[plan.old.id, plan.new.id] = plan
    if problems:
        raise Broken(problems)
    return plans


def load_move(path: Path, procedures: Mapping[str, Procedure]) -> MovePlan:
    """One plan from its file; refused with every mistake in it."""
    node, problems = read(path)
    reader = Reader(node, problems, "the plan")
    lines = reader.lines()
    known = procedures.__contains__
    ends = [reader.text(side, among=known, kind="procedure") for side in ("from", "to")]
    since = reader.raw("since", required=True)
    named = {name: _move(name, item) for name, item in each(reader.mapping("states"), problems, "state")}
    by = reader.texts("by", required=True, among=frozenset(Role).__contains__, kind="role")
    mark = reader.text("mark", among=frozenset(Mark).__contains__, kind="mark")
    reason, basis = reader.text("reason"), reader.texts("legal_basis", required=True)
    if since and type(since.value) is not date:
        problems.add(since.line, "the plan: 'since' must be a date such as 2025-07-01")
    reader.finish()
    problems.stop_if_any()
    assert since is not None
    assert isinstance(since.value, date)
    old, new = (procedures[one] for one in ends)
    roles = tuple(map(Role, by))
    plan = MovePlan(path.stem, old, new, since.value, roles, reason, basis, Mark(mark), named)
    for place, cause in prove_move(plan):
        problems.add(lines.get(place, 1), cause)
    problems.stop_if_any()
    return plan


def _move(name: str, reader: Reader) -> Move:
    known = GUARDS.__contains__
    again = reader.texts("again", among=known, kind="guard")
    inner = reader.inner("counts", f"state '{name}': what counts", required=False)
    counts = {one: inner.text(one, among=known, kind="guard") for one in list(inner.keys)} if inner else {}
    move = Move(reader.text("to"), again, counts)
    reader.finish()
    return move
