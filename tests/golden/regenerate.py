"""The golden files made anew: `python -m tests.golden.regenerate [--release] [--routes PREFIX]`.

The table of routes says who gets what under every address (`tests/routes`). Asking them all takes some minutes; with a
prefix, such as /admin/units, only the routes that begin so or have no rows yet are asked, and the other rows stay.
The decision matrix says for each procedure, state, action and role how the action stands for a compliant and for an
empty dossier. `--release` pins the hashes of procedure files that have none yet; a pinned one is never replaced.
"""

import csv
import io
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import migrations
from tests.builders import actor, compliant, empty_facts, history_to, procedures
from tests.routes.cases import cases
from tests.routes.ground import ground, somebodies
from tests.routes.table import FILE, answered, expected, mostly_unwritten, undone, written
from workflow.decide import Offer, offered
from workflow.loader import FOLDER
from workflow.names import Role
from workflow.procedure import Procedure

HERE = Path(__file__).parent
MATRIX, RELEASED = HERE / "decision_matrix.csv", HERE / "released_procedures.json"


def decision_matrix() -> str:
    """The table as CSV text: two rows for each action that leaves a state, with one column for each role."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["procedure", "state", "action", "dossier", *Role])
    for procedure in procedures().values():
        for state in procedure.states:
            writer.writerows(rows_of(procedure, state))
    return lines.getvalue()


def rows_of(procedure: Procedure, state: str) -> Iterator[list[str]]:
    """The rows of one state: what a compliant and an empty dossier with the same history offer each role."""
    history = history_to(procedure, state)
    for action in procedure.actions_from(state):
        dossiers = {
            "compliant": compliant(action, state, history=history),
            "empty": empty_facts(state, history=history),
        }
        for name, of in dossiers.items():
            offers = (offered(procedure, of, actor(role)) for role in Role)
            found = [next(offer for offer in each if offer.action is action) for each in offers]
            yield [procedure.id, state, action.name, name, *map(told, found)]


def told(offer: Offer) -> str:
    """How an action stands, with the codes of its refusals; an office that never takes it is just absent."""
    codes = [refusal.code for refusal in offer.refusals if refusal.code != "policy.role"]
    return " ".join([offer.status.value, *codes])


def routes(prefix: str) -> str:
    """The table of routes as CSV text: those that begin so, or have no rows yet, are asked; the rows of others stay."""
    kept = {key: codes for key, codes in expected().items() if not (prefix and key[1].startswith(prefix))}
    known = {key[:3] for key in kept}
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/database.sqlite"
        migrations.upgrade(url)
        with ground(url, Path(folder)) as app, undone(app), mostly_unwritten():
            there = {(case.method, case.route, case.about): case for case in cases(app)}
            asked = [case for key, case in there.items() if key not in known]
            found = answered(app, product(asked, somebodies(app)))
    return written({key: codes for key, codes in kept.items() if key[:3] in there} | found)


def release() -> str:
    """The pinned hashes with those of new procedure files, as JSON text; a file that changed is an error."""
    pinned = json.loads(RELEASED.read_text("utf-8")) if RELEASED.exists() else {}
    for path in sorted(FOLDER.glob("*.yaml")):
        digest = sha256(path.read_bytes()).hexdigest()
        if pinned.setdefault(path.name, digest) != digest:
            raise SystemExit(f"{path.name} was released and has changed: make a new version of it instead")
    return json.dumps(pinned, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.golden.regenerate")
    parser.add_argument("--release", action="store_true")
    parser.add_argument("--routes", metavar="PREFIX", default="/", help="'' for those without rows alone")
    asked_for = parser.parse_args()
    MATRIX.write_text(decision_matrix(), "utf-8")
    FILE.write_text(routes(asked_for.routes), "utf-8")
    if asked_for.release:
        RELEASED.write_text(release(), "utf-8")
