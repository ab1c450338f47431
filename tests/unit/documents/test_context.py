"""The facts of a document: frozen, canonical as JSON, and refused when they are not what the document needs."""

import dataclasses
import json
import unicodedata
from typing import Any

import pytest

from documents.context import BadFacts, from_json, from_plain, to_json
from documents.html import samples_of
from tests.unit.documents.paper import SAMPLES, sample


def plain(**changes: Any) -> dict[str, Any]:
    return samples_of("decision", 1)["one_unit"] | changes


@pytest.mark.parametrize("name", SAMPLES)
def test_json_gives_back_the_same_facts_and_the_same_json(name: str) -> None:
    text = to_json(sample(name))
    assert from_json(text) == sample(name)
    assert to_json(from_json(text)) == text


def test_json_is_canonical() -> None:
    text = to_json(sample())
    shuffled = json.dumps(dict(reversed(json.loads(text).items())), indent=2)
    assert to_json(from_json(shuffled)) == text
    assert text.startswith('{"articles":[{"clauses":[],"heading":"","text":"Công nhận xã Hòa An')
    assert '"signed_on":"2026-01-05"' in text


def test_decomposed_letters_become_composed() -> None:
    decomposed = sample(place=unicodedata.normalize("NFD", "Cao Bằng"))
    assert to_json(decomposed) == to_json(sample())
    assert from_plain(plain(place=unicodedata.normalize("NFD", "Cao Bằng"))) == sample()


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample().number = 6


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown kind": ({"kind": "verdict"}, "unknown document verdict/v1"),
    "unknown version": ({"version": 2}, "unknown document decision/v2"),
    "version as text": ({"version": "1"}, "decision/v1.version: '1' is none of 1"),
    "unknown field": ({"colour": "red"}, "decision/v1: unknown colour"),
    "number as text": ({"number": "5"}, "decision/v1.number: expected int, not '5'"),
    "number as truth": ({"number": True}, "decision/v1.number: expected int, not True"),
    "number nought": ({"number": 0}, "decision/v1.number: a number starts at 1, not 0"),
    "of no day": ({"signed_on": None}, "decision/v1.drawn_on: a document was drawn up or signed on some day"),
    "no such day": ({"signed_on": "2026-02-30"}, "decision/v1.signed_on: '2026-02-30' is not a date"),
    "no such authority": ({"authority": "king"}, "decision/v1.authority: 'king' is none of 'chairman', 'committee'"),
    "no units": ({"units": []}, "decision/v1.units: at least one is needed"),
    "no bases": ({"legal_bases": []}, "decision/v1.legal_bases: at least one is needed"),
    "no articles": ({"articles": []}, "decision/v1.articles: at least one is needed"),
    "units not a list": ({"units": "xã"}, "decision/v1.units: expected a list, not 'xã'"),
    "a signer without a name": ({"signer": {"post": "Chủ tịch"}}, "decision/v1.signer: "),
    "a unit that is no mapping": ({"units": ["xã"]}, "decision/v1.units[0]: expected a mapping, not 'xã'"),
    "a basis that is no text": ({"legal_bases": [1]}, "decision/v1.legal_bases[0]: expected str, not 1"),
}


@pytest.mark.parametrize(("changes", "sentence"), REFUSED.values(), ids=REFUSED)
def test_bad_facts_are_refused_with_their_place(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadFacts) as refused:
        from_plain(plain(**changes))
    assert str(refused.value).startswith(sentence)


def test_a_missing_fact_is_named() -> None:
    facts = plain()
    del facts["place"]
    with pytest.raises(BadFacts, match="'place'"):
        from_plain(facts)


def test_facts_that_are_no_mapping_are_refused() -> None:
    with pytest.raises(BadFacts, match="must be a mapping"):
        from_json("[]")


def test_every_fact_is_a_primitive_a_tuple_or_a_record_of_them() -> None:
    def leaves(value: object) -> list[object]:
        if dataclasses.is_dataclass(value):
            return [leaf for field in dataclasses.fields(value) for leaf in leaves(getattr(value, field.name))]
        return [leaf for item in value for leaf in leaves(item)] if isinstance(value, tuple) else [value]

    found = {type(leaf).__name__ for name in SAMPLES for leaf in leaves(sample(name))}
    assert found == {"str", "int", "date", "bool", "NoneType"}
