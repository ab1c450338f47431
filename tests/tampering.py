"""Changing an export of events in every way one can think of, clumsily or with every hash after it made anew."""

import copy
import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine

from casework import anchoring
from casework.admin_record import COMMAND, keep
from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from documents.verify_record import Fault, Record, hash_of, read_record, verify
from queries.anchors import every_published, record_lines
from queries.rulebook import procedures
from tests import crash, world
from workflow.names import AdminAct

STATES = ("recommended", "council", "commune_ready", "district_verifying", "province_appraising", "draft")
Dossier = dict[str, Any]
Published = list[dict[str, Any]]


class Kept(NamedTuple):
    """An export of the whole record with the anchors of its days."""

    record: Record
    anchors: Published


def plant(engine: Engine) -> None:
    """Plant some dossiers and anchor them on two days, with an act of each kind in between."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=len(STATES))
        for place, state in enumerate(STATES[:-1]):
            world.plant(connection, world.FIRST_COMMUNE + place, state, place + 1)
        keep(connection, COMMAND, AdminAct.PERSON_ADDED, world.NOW - timedelta(days=3), login="an")
        anchoring.make(connection, world.NOW - timedelta(days=1))
        recommended = len(world.path_to(procedures()[world.PROCEDURE], "recommended"))
        perform(connection, Order(1, "recognise", recommended, "one", crash.DECIDE), world.CHAIRMAN, world.NOW)
        keep(connection, COMMAND, AdminAct.PERSON_ADDED, world.NOW, login="bình")
        anchoring.make(connection, world.NOW + timedelta(days=1))


def export(engine: Engine, dossier_id: int | None = None) -> Kept:
    """The export of the record with every anchor, as the stand-alone check reads it."""
    with reading(engine) as connection:
        record = read_record(line.decode() for line in record_lines(connection, dossier_id))
        return Kept(record, [json.loads(content) for _, content in every_published(connection)])


def chain_again(dossier: Dossier) -> None:
    """Number and chain the events anew and move the head, as somebody would who knows how it is done."""
    previous = ""
    for number, event in enumerate(dossier["events"], 1):
        event |= {"seq": number, "dossier_id": dossier["id"], "previous_hash": previous}
        event["hash"] = previous = hash_of(event)
    dossier |= {"event_count": len(dossier["events"]), "head_hash": previous}


def _change(dice: random.Random, record: Record) -> Dossier:
    dossier = dice.choice(record.dossiers)
    event = dice.choice(dossier["events"])
    name = dice.choice(["type", "action", "to_state", "person_id", "person_name", "role", "reason", "payload", "at"])
    other = {"person_id": 7, "at": "2024-12-31T00:00:00.000000+00:00"}.get(name, f"{event[name]}x")
    event[name] = other
    return dossier


def _delete(dice: random.Random, record: Record) -> Dossier:
    dossier = dice.choice(record.dossiers)
    del dossier["events"][dice.randrange(len(dossier["events"]))]
    return dossier


def _insert(dice: random.Random, record: Record) -> Dossier:
    dossier = dice.choice(record.dossiers)
    forged = copy.deepcopy(dice.choice(dossier["events"])) | {"request_key": "forged", "person_name": "Ai đó"}
    dossier["events"].insert(dice.randint(0, len(dossier["events"])), forged)
    return dossier


def _swap(dice: random.Random, record: Record) -> Dossier:
    dossier = dice.choice([one for one in record.dossiers if len(one["events"]) > 1])
    one, other = dice.sample(range(len(dossier["events"])), 2)
    events = dossier["events"]
    events[one], events[other] = events[other], events[one]
    return dossier


def _cut_off(dice: random.Random, record: Record) -> Dossier:
    dossier = dice.choice(record.dossiers)
    del dossier["events"][-dice.randint(1, len(dossier["events"])) :]
    return dossier


TAMPERINGS: dict[str, Callable[[random.Random, Record], Dossier]] = {
    "changed": _change,
    "deleted": _delete,
    "inserted": _insert,
    "swapped": _swap,
    "cut off": _cut_off,
}


def faults(kept: Kept) -> list[Fault]:
    """What the stand-alone check finds."""
    return list(verify(kept.record, kept.anchors))


def tamper_many(kept: Kept, tries: int, seed: int) -> dict[str, int]:
    """Tamper with the events so many times, half of them with all hashes made anew, and count what was found."""
    assert faults(kept) == []
    dice, found = random.Random(seed), dict.fromkeys(TAMPERINGS, 0)
    for number in range(tries):
        name = list(TAMPERINGS)[number % len(TAMPERINGS)]
        record = copy.deepcopy(kept.record)
        dossier = TAMPERINGS[name](dice, record)
        if dice.random() < 0.5:
            chain_again(dossier)
        found[name] += bool(faults(Kept(record, kept.anchors)))
    return found
