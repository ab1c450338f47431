"""Believable answers: how large a commune is, and for each indicator a value that reaches its level or misses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from random import Random
from typing import Any

from practice.material import lot, material
from workflow.criteria import Answer, Indicator, Kind, Rule, Rules, judge
from workflow.criteria_set import Compare
from workflow.names import Result

UPWARDS = (Compare.AT_LEAST, Compare.MORE)


@dataclass(frozen=True, slots=True)
class Commune:
    """What is counted in one commune, by the names of `figures.yaml`; drawn once for its code."""

    code: str
    counts: Mapping[str, int]

    def whole_of(self, indicator: str) -> int:
        """The number that an indicator's share is a share of; households where nothing else is named."""
        return self.counts[material("figures")["whole_of"].get(indicator, "households")]

    def draw(self, *seeds: object) -> Random:
        """The commune's own lot for something."""
        return lot(self.code, *seeds)


@lru_cache(maxsize=256)
def commune_of(code: str) -> Commune:
    """The figures of the commune with this code."""
    figures, drawn = material("figures"), lot(code, "sizes")
    counts: dict[str, int] = {name: drawn.randint(least, most) for name, (least, most) in figures["sizes"].items()}
    counts |= {name: round(counts["households"] * each) for name, each in figures["per_household"].items()}
    return Commune(code, counts | figures["fixed"])


def answer_of(rules: Rules, commune: Commune, code: str, again: int = 0, *, good: bool = True) -> Answer:
    """The answer of a commune to an indicator, the `again`-th time; when it is not good, it misses the level."""
    drawn = commune.draw(code, good, again)
    if good and code in material("figures")["seldom_present"] and drawn.random() < 0.8:
        return Answer(None, not_applicable=True)
    return Answer(_value(rules.by_code[code], commune, drawn, good=good))


def corrected(rule: Rule, value: Any, drawn: Random) -> Any:
    """A share as somebody found it who looked again: a little lower, but the same in its result."""
    if rule.indicator.kind is not Kind.PERCENT or rule.parts or value["part"] < 20:
        return value
    found = value | {"part": value["part"] - drawn.randint(1, 3)}
    return found if judge(rule, Answer(found)) is Result.MET else value


def _value(rule: Rule, commune: Commune, drawn: Random, *, good: bool) -> Any:
    indicator = rule.indicator
    if rule.parts:
        return {part.indicator.code: _value(part, commune, drawn, good=good) for part in rule.parts}
    if indicator.kind is Kind.PERCENT:
        return _share(indicator, Fraction(rule.threshold or 0), commune.whole_of(indicator.code), drawn, good=good)
    if indicator.kind is Kind.BOOLEAN:
        return (indicator.compare is not Compare.IS_FALSE) is good
    least = Fraction(rule.threshold or 0)
    tenths = floor(least * 10) + drawn.randint(2, 60) if good else ceil(least * 10) - drawn.randint(1, 9)
    return f"{tenths // 10}.{tenths % 10}"


def _share(indicator: Indicator, level: Fraction, whole: int, drawn: Random, *, good: bool) -> dict[str, int]:
    """A part of the whole on the right or the wrong side of the level, as far away as a commune would be."""
    upwards = indicator.compare in UPWARDS
    room = (100 - level if upwards else level) * drawn.randint(8, 88) / 100
    away = Fraction(drawn.randint(2, 11))
    if upwards:
        part = ceil(whole * (level + room) / 100) if good else ceil(whole * (level - away) / 100) - 1
    else:
        part = floor(whole * (level - room) / 100) if good else floor(whole * (level + away) / 100) + 1
    return {"part": max(0, min(whole, part)), "whole": whole}
