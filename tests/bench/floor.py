"""A submission written by hand in plain SQL through sqlite3 or psycopg: the floor for the door.

It reads, judges, writes and commits the same things in the same tables as the door does, with one statement for each
table, as a careful hand would write it; the judging is a loop over numbers that were resolved beforehand.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from models.base import canonical
from queries.rulebook import procedures
from tests import world

EVENT = [
    "dossier_id",
    "seq",
    "type",
    "action",
    "from_state",
    "to_state",
    "procedure_id",
    "person_id",
    "person_name",
    "role",
    "unit_id",
    "wording",
    "at",
    "reason",
    "payload",
    "request_key",
    "previous_hash",
    "hash",
]
DOSSIER = (
    "SELECT d.state, d.version, d.event_count, d.head_hash, d.unit_id, d.district_id, d.province_id, d.code, d.level, "
    "d.procedure_id, d.criteria_group, d.criteria_year, d.round, d.opened_at, d.closed_at, d.decided_by, d.decided_on, "
    "d.year_recognised, d.field_checked_on, u.full_name, u.tier, u.code, u.valid_to, a.set_key, a.decision, "
    "a.decided_on, a.practice, a.thresholds FROM dossier d JOIN unit u ON u.id = d.unit_id "
    "LEFT JOIN criteria_adoption a ON a.id = d.adoption_id WHERE d.id = ?"
)
EARLIER = "SELECT id, dossier_id, person_id, action, seq, type, to_state FROM dossier_event WHERE request_key = ?"
GRANTS = (
    "SELECT p.name, g.role, g.unit_id, g.valid_from, g.valid_to, g.department, g.wording FROM person p "
    "JOIN role_grant g ON g.person_id = p.id WHERE p.id = ? AND p.disabled_at IS NULL"
)
ANSWERS = "SELECT column_name, indicator, value, not_applicable, refuted, reason, at FROM answer WHERE dossier_id = ?"
EVIDENCE = (
    "SELECT u.indicator, u.at FROM evidence_use u JOIN evidence_item i ON i.id = u.item_id WHERE u.dossier_id = ? "
    "AND u.removed_at IS NULL AND (i.expires_on IS NULL OR i.expires_on >= '2025-03-10')"
)
PARTS = "SELECT part, at FROM dossier_part WHERE dossier_id = ? AND replaced_at IS NULL"
SURVEY = (
    "SELECT households_total, ballots_issued, ballots_valid, satisfied, minutes_sha256, items FROM survey "
    "WHERE dossier_id = ? AND round = 1"
)
CONDITION = "SELECT debt_amount, debt_sha256, security_complex, security_sha256 FROM condition WHERE dossier_id = ?"
SITTING = (
    "SELECT s.closed_at, s.held_on, s.members, s.minutes_sha256, "
    "(SELECT count(*) FROM attendance a WHERE a.session_id = s.id), "
    "(SELECT count(*) FROM ballot b WHERE b.session_id = s.id AND b.dossier_id = i.dossier_id AND b.choice = 'yes'), "
    "(SELECT count(*) FROM ballot b WHERE b.session_id = s.id AND b.dossier_id = i.dossier_id AND b.choice = 'no'), "
    "(SELECT count(*) FROM ballot b WHERE b.session_id = s.id AND b.dossier_id = i.dossier_id AND b.choice = 'blank') "
    "FROM agenda_item i JOIN council_session s ON s.id = i.session_id WHERE i.dossier_id = ?"
)
OTHERS = (
    (
        "SELECT stage, at, posted_on, places, loudspeaker_times, front_opinion FROM posting "
        "WHERE dossier_id = ? AND round = 1"
    ),
    "SELECT stage FROM comment WHERE dossier_id = ? AND round = 1 AND accepted IS NULL",
    "SELECT stage, at, members, present, agreed, minutes_sha256 FROM vote WHERE dossier_id = ? AND round = 1",
    "SELECT stage, at, part, complete FROM checked_part WHERE dossier_id = ?",
    "SELECT criterion, at, department, met FROM conclusion WHERE dossier_id = ?",
    SITTING,
    "SELECT type, person_id, at, from_state, to_state, payload FROM dossier_event WHERE dossier_id = ? ORDER BY seq",
)
HOLIDAYS = "SELECT day, effect, name_vi, official FROM holiday WHERE day BETWEEN '2025-01-01' AND '2025-12-31'"
TITLES = (
    "SELECT level, dossier_id, id, decision, signed_on, year_recognised, authority FROM recognition "
    "WHERE unit_id = ? AND status = 'valid'"
)
AROUND = (
    "SELECT id, full_name FROM unit WHERE id IN (?, ?, ?)",
    (
        "SELECT g.role, g.unit_id, p.name, g.wording, g.id FROM role_grant g JOIN person p ON p.id = g.person_id "
        "WHERE g.unit_id IN (?, ?, ?) AND g.role IN ('commune_chairman', 'commune_front', 'district_chairman', "
        "'provincial_chairman') AND g.valid_from <= '2025-03-10' "
        "AND (g.valid_to IS NULL OR g.valid_to >= '2025-03-10') AND p.disabled_at IS NULL"
    ),
)
COUNCIL = (
    "SELECT c.name, p.name FROM council c LEFT JOIN council_member m ON m.council_id = c.id AND m.chairs "
    "LEFT JOIN person p ON p.id = m.person_id WHERE c.unit_id = ?"
)
BASES = procedures()[world.PROCEDURE].legal_basis
PRACTICE = "SELECT practice FROM installation"
FILLED_IN = (
    "SELECT * FROM condition WHERE dossier_id = ?",
    "SELECT e.* FROM paper_dossier AS o JOIN edited_paper AS e ON e.paper_id = o.paper_id WHERE o.dossier_id = ?",
    "SELECT p.* FROM paper_dossier AS o JOIN paper AS p ON p.id = o.paper_id WHERE o.dossier_id = ? AND p.edition > 1",
)
MOVE = (
    "UPDATE dossier SET state = 'district_received', version = version + 1, event_count = ?, head_hash = ?, "
    "holder_role = 'district_reviewer', holder_unit_id = ?, due_on = ?, changed_by = ?, changed_at = ? "
    "WHERE id = ? AND version = ?"
)
EFFECT = "INSERT INTO effect (event_id, kind, status, run_at, attempts) VALUES (?, ?, 'queued', ?, 0)"
PAPER = (
    "INSERT INTO paper (event_id, kind, edition, unit_id, symbol, context, template_version, person_id, "
    "at) VALUES (?, 'proposal', 1, ?, 'TTr-UBND', ?, 1, ?, ?)"
)
BELONGS = "INSERT INTO paper_dossier (paper_id, dossier_id, event_id) SELECT id, ?, ? FROM paper WHERE event_id = ?"
type_of_run = Callable[[str, tuple[Any, ...]], Any]


def submit(connection: Any, dossier_id: int, version: int, person: int, key: str, now: datetime) -> None:
    """Submit one dossier: the same reads, the same judging, the same writes, one durable commit."""
    postgresql = "psycopg" in type(connection).__module__
    cursor = connection.cursor()

    def run(sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        cursor.execute(sql.replace("?", "%s") if postgresql else sql, parameters)
        return cursor

    if not postgresql:
        cursor.execute("BEGIN IMMEDIATE")
    dossier = run(DOSSIER + (" FOR UPDATE OF d" if postgresql else ""), (dossier_id,)).fetchone()
    if dossier[1] != version:
        raise ValueError("stale")
    if run(EARLIER, (key,)).fetchone():
        raise ValueError("done already")
    name = _allowed(run, person, dossier)
    seal = _judge(run, dossier_id, dossier)
    moment = now if postgresql else now.astimezone(UTC).replace(tzinfo=None)
    _write(run, dossier_id, dossier, (person, name), key, moment, seal)
    connection.commit()


def _allowed(run: type_of_run, person: int, dossier: Any) -> str:
    grants = run(GRANTS, (person,)).fetchall()
    if not any(row[1] == "commune_chairman" and row[2] == dossier[4] for row in grants):
        raise ValueError("not allowed")
    return str(grants[0][0])


def _judge(run: type_of_run, dossier_id: int, dossier: Any) -> str:
    """Refuse what is not met; gives the hash over the commune's column, which the event keeps."""
    answers = run(ANSWERS, (dossier_id,)).fetchall()
    values = [json.loads(row[2]) for row in answers]
    met = sum(1 for row, value in zip(answers, values, strict=True) if row[0] == "commune" and _met(row[1], value))
    parts = run(PARTS, (dossier_id,)).fetchall()
    survey = run(SURVEY, (dossier_id,)).fetchone()
    condition = run(CONDITION, (dossier_id,)).fetchone()
    run(EVIDENCE, (dossier_id,)).fetchall()
    for read in OTHERS:
        run(read, (dossier_id,)).fetchall()
    run(TITLES, (dossier[4],)).fetchall()
    run(HOLIDAYS, ()).fetchall()
    fulfilled = survey[3] * 100 >= 90 * survey[2] and condition[0] == 0 and condition[1] and not condition[2]
    if met != 57 or len(parts) < 8 or not fulfilled:
        raise ValueError("not met")
    pairs = zip(answers, values, strict=True)
    column = {row[1]: [value, bool(row[3]), bool(row[4])] for row, value in pairs if row[0] == "commune"}
    return hashlib.sha256(canonical(column).encode()).hexdigest()


def _write(
    run: type_of_run, dossier_id: int, dossier: Any, who: tuple[int, str], key: str, now: datetime, seal: str
) -> None:
    filled_in = [[str(value) for value in row] for read in FILLED_IN for row in run(read, (dossier_id,)).fetchall()]
    context = _drawn(run, dossier)
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in (context, canonical(filled_in))]
    head = (dossier_id, dossier[2] + 1, "submitted", "submit", "commune_ready", "district_received", world.PROCEDURE)
    person = who[0]
    office = (*who, "commune_chairman", dossier[4], "")
    sealed = {"papers": {"proposal": digests[0]}, "sealed": {"condition": {"": digests[1]}}}
    tail = ("", canonical({"column_sha256": seal, **sealed}), key, dossier[3])
    digest = hashlib.sha256(canonical([*head, *office, now.isoformat(), *tail]).encode()).hexdigest()
    moment: Any = now if now.tzinfo else now.isoformat(" ")
    marks = ", ".join("?" * len(EVENT))
    insert = f"INSERT INTO dossier_event ({', '.join(EVENT)}) VALUES ({marks}) RETURNING id"
    event_id = run(insert, (*head, *office, moment, *tail, digest)).fetchone()[0]
    moved = (head[1], digest, dossier[5], date(2025, 3, 17).isoformat(), person, moment, dossier_id, dossier[1])
    if run(MOVE, moved).rowcount != 1:
        raise ValueError("stale")
    run(EFFECT, (event_id, "notify_holder", moment))
    run(EFFECT, (event_id, "render_papers", moment))
    run(PAPER, (event_id, dossier[4], context, person, moment))
    run(BELONGS, (dossier_id, event_id, event_id))


def _drawn(run: type_of_run, dossier: Any) -> str:
    """The proposal's facts: the names around the dossier, what it rests on and what each criterion came to."""
    units, heads = (run(read, tuple(dossier[4:7])).fetchall() for read in AROUND)
    council, practice = run(COUNCIL, (dossier[6],)).fetchone(), run(PRACTICE, ()).fetchone()
    criteria = [{"code": str(number), "met": True, "indicators": 3} for number in range(1, 20)]
    names = {"units": [list(row) for row in units], "heads": [list(row) for row in heads], "council": list(council)}
    known = {"practice": bool(practice[0]), "unit": dossier[19], "legal_bases": BASES, "criteria": criteria}
    return canonical({**names, **known})


def _met(code: str, value: Any) -> bool:
    """Whether a value reaches what is asked, with the levels resolved beforehand."""
    if isinstance(value, bool):
        return value != (code == "9.1")
    if isinstance(value, dict):
        if "whole" not in value:
            return all(_met(part, one) for part, one in value.items())
        share = value["part"] * 100
        return bool(share <= 13 * value["whole"] if code in ("11.1", "15.3") else share >= 90 * value["whole"])
    return float(value) >= 48
