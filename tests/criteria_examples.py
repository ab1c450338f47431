"""Small criteria sets made in place, so that each test shows only what it is about."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from workflow.criteria import (
    Adoption,
    Answer,
    Assessment,
    Compare,
    Counts,
    CriteriaSet,
    Criterion,
    Group,
    Indicator,
    Kind,
    Rules,
    assess,
    compile_rules,
    judge,
)
from workflow.criteria_set import Revocation
from workflow.names import Mark, Result, Subject

SHIPPED = Path(__file__).parent.parent / "workflow" / "criteria"
DECIDED_ON = date(2022, 9, 5)
GRADES = ("Chưa đạt", "Trung bình", "Khá", "Tốt")


def make_indicator(kind: Kind = Kind.BOOLEAN, compare: Compare = Compare.AT_LEAST, **fields: Any) -> Indicator:
    """A confirmed indicator "1.1" of the kind; a yes-or-no one asks for yes unless it says otherwise."""
    if kind is Kind.BOOLEAN and compare is Compare.AT_LEAST:
        compare, fields = Compare.IS_TRUE, {"thresholds": {"all": True}} | fields
    if kind is Kind.GRADE:
        fields = {"grades": GRADES} | fields
    known = {"code": "1.1", "criterion": "1", "name_vi": "Chỉ tiêu", "name_en": "Indicator", "department": "sxd"}
    return Indicator(kind=kind, compare=compare, **({"mark": Mark.CONFIRMED} | known | fields))


def make_set(
    *indicators: Indicator,
    complete: bool = True,
    groups: tuple[str, ...] = ("tdmnpb", "dbsh"),
    revocation: Revocation | None = None,
) -> CriteriaSet:
    """A set "sample" that lists these indicators under the criteria they name; a revocation asks for the first."""
    codes = list(dict.fromkeys(indicator.criterion for indicator in indicators))
    criteria = tuple(
        Criterion(
            code, f"Tiêu chí {code}", f"Criterion {code}", "", tuple(i for i in indicators if i.criterion == code)
        )
        for code in codes
    )
    return CriteriaSet(
        key="sample",
        version=1,
        title_vi="Bộ tiêu chí",
        title_en="Criteria",
        legal_basis="Quyết định 318/QĐ-TTg",
        subject=Subject.COMMUNE,
        level="standard",
        valid_from=date(2022, 3, 8),
        valid_to=date(2025, 12, 31),
        complete=complete,
        mark=Mark.CONFIRMED,
        counts=Counts(len(criteria), len(indicators)),
        groups=tuple(Group(code, code, code, "") for code in groups),
        criteria=criteria,
        revocation=Revocation(tuple(codes[:1])) if revocation is None else revocation,
    )


def make_adoption(
    thresholds: Mapping[str, Any] | None = None, *, set_key: str = "sample", group: str | None = "tdmnpb"
) -> Adoption:
    """The province's decision to apply a set, with the levels it fixes."""
    return Adoption(set_key, "41/2022/QĐ-UBND", DECIDED_ON, group, thresholds or {})


def make_rules(*indicators: Indicator, adoption: Adoption | None = None, year: int = 2024, **fields: Any) -> Rules:
    """The rules of a set with these indicators for the group "tdmnpb"."""
    return compile_rules(make_set(*indicators), adoption, "tdmnpb", year, **fields)


def judge_one(indicator: Indicator, value: Any, *, adoption: Adoption | None = None, year: int = 2024) -> Result:
    """The result of one value of one indicator."""
    return judge(make_rules(indicator, adoption=adoption, year=year).by_code[indicator.code], Answer(value))


def assess_values(rules: Rules, values: Mapping[str, Any]) -> Assessment:
    """The assessment of plain values."""
    return assess(rules, {code: Answer(value) for code, value in values.items()})
