"""Reading criteria sets: a good file gives the set, and a broken one gives each of its mistakes with its line."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from workflow.criteria_loader import load_all, load_criteria, load_departments
from workflow.criteria_set import Choose, Compare, Counts, GroupOverride, Kind, Relative, Requirement, Source
from workflow.names import Level, Mark, Subject
from workflow.source import Broken

DEPARTMENTS = """\
mark: R
departments:
  - {code: sxd, name_vi: Sở Xây dựng, name_en: Department of Construction, former_vi: [Sở Xây dựng]}
"""

SAMPLE = """\
key: sample
version: 2
title_vi: Bộ tiêu chí
title_en: Criteria
legal_basis: Quyết định 318/QĐ-TTg
subject: commune
level: standard
valid_from: 2022-03-08
valid_to: 2025-12-31
complete: true
mark: R
superseded_by: later
counts: {criteria: 2, indicators: 4}
units_en: {trường: schools}
groups:
  - {code: tdmnpb, name_vi: Trung du, name_en: Midlands, definition_vi: vùng núi}
group_overrides:
  - {applies_to_vi: xã khó khăn, group: tdmnpb, mark: C}
requires:
  - {set: sample, condition_vi: vẫn đạt, mark: R-low}
verified: [names were read]
sources:
  - {title: Bài báo, url: example.vn, extent: excerpt}
notes: [a note]
criteria:
  - code: "1"
    name_vi: Quy hoạch
    name_en: Planning
    block_vi: Hạ tầng
    indicators:
      - code: "1.1"
        name_vi: Trường học
        name_en: Schools
        rule: {kind: percent, compare: ">="}
        parts:
          - code: "1.1a"
            name_vi: Tỷ lệ
            name_en: Share
            rule: {kind: percent, compare: ">=", unit: "%", thresholds: {all: 100, tdmnpb: 25.5}}
          - code: "1.1b"
            name_vi: Số trường
            name_en: Number
            rule: {kind: count, compare: ">=", unit: trường, by_province: true}
        if_present: trường
        department: sxd
        mark: R
      - code: "1.2"
        unnumbered: true
        name_vi: Thu nhập
        name_en: Income
        rule: {kind: money, compare: ">=", by_year: {tdmnpb: {2023: 42, 2024: 45}}}
        department: sxd
        mark: R-med
        note: series recalled
  - code: "2"
    name_vi: Lĩnh vực
    name_en: Fields
    indicators:
      - code: "2.1"
        name_vi: Thu nhập cao hơn
        name_en: Higher income
        rule: {kind: money, compare: ">=", relative_to: {set: sample, indicator: "1.2", factor: 1.1}}
        department: sxd
        mark: C
      - code: "2.2"
        name_vi: Lĩnh vực nổi trội
        name_en: Outstanding field
        rule: {kind: choice, compare: ">=", thresholds: {all: 1}, choose: {of: [du lịch], open: true}}
        department: sxd
        mark: C
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "departments.yaml").write_text(DEPARTMENTS, "utf-8")
    return tmp_path


def write(folder: Path, text: str, name: str = "sample") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return path


def causes(folder: Path, text: str) -> list[str]:
    with pytest.raises(Broken) as caught:
        load_criteria(write(folder, text))
    return [f"{problem.line}: {problem.cause}" for problem in caught.value.problems]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


# --- a good file ---


def test_a_set_is_read_whole(folder: Path) -> None:
    loaded = load_criteria(write(folder, SAMPLE))
    assert (loaded.key, loaded.version, loaded.title_vi, loaded.title_en) == ("sample", 2, "Bộ tiêu chí", "Criteria")
    assert (loaded.subject, loaded.level, loaded.mark) == (Subject.COMMUNE, Level.STANDARD, Mark.RECALLED)
    assert (loaded.valid_from, loaded.valid_to) == (date(2022, 3, 8), date(2025, 12, 31))
    assert (loaded.complete, loaded.counts, loaded.superseded_by) == (True, Counts(2, 4), "later")
    assert [tuple(group) for group in loaded.groups] == [("tdmnpb", "Trung du", "Midlands", "vùng núi")]
    assert loaded.group_overrides == (GroupOverride("xã khó khăn", "tdmnpb", Mark.CONFIRMED),)
    assert loaded.requires == (Requirement("sample", "vẫn đạt", Mark.RECALLED_LOW),)
    assert loaded.sources == (Source("Bài báo", "example.vn", "excerpt"),)
    assert (loaded.verified, loaded.notes) == (("names were read",), ("a note",))
    assert [(one.code, one.block_vi) for one in loaded.criteria] == [("1", "Hạ tầng"), ("2", "")]


def test_an_indicator_is_read_with_its_rule(folder: Path) -> None:
    loaded = load_criteria(write(folder, SAMPLE))
    schools, income = loaded.criterion("1").indicators
    assert (schools.kind, schools.compare, schools.department) == (Kind.PERCENT, Compare.AT_LEAST, "sxd")
    share, number = schools.parts
    assert share.thresholds == {"all": 100, "tdmnpb": Fraction(51, 2)}
    assert (number.kind, number.by_province, number.unit, number.unit_en) == (Kind.COUNT, True, "trường", "schools")
    assert {(part.criterion, part.department, part.mark, part.if_present) for part in schools.parts} == {
        ("1", "sxd", Mark.RECALLED, "trường")
    }
    assert (income.by_year, income.mark, income.note) == (
        {"tdmnpb": {2023: 42, 2024: 45}},
        Mark.RECALLED_MEDIUM,
        "series recalled",
    )
    assert (schools.numbered, income.numbered) == (True, False)
    assert loaded.indicator("2.1").relative_to == Relative("sample", "1.2", Fraction(11, 10))
    assert loaded.indicator("2.2").choose == Choose(("du lịch",), open_list=True)


def test_an_incomplete_set_is_read_with_the_counts_it_should_have(folder: Path) -> None:
    text = SAMPLE.replace("complete: true", "complete: false").replace("indicators: 4}", "indicators: 47}")
    loaded = load_criteria(write(folder, text))
    assert (loaded.complete, loaded.counts) == (False, Counts(2, 47))
    without = text.replace("counts: {criteria: 2, indicators: 47}\n", "").replace("level: standard", "level: modern")
    loaded = load_criteria(write(folder, without))
    assert (loaded.counts, loaded.level) == (None, "modern")


# --- each mistake ---


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("key: sample", "key: other", "the set calls itself 'other' and its file 'sample'"),
        ("version: 2", "version: two", "the set: 'version' must be a whole number"),
        ("subject: commune", "subject: town", "the set: unknown subject 'town'"),
        ("level: standard", "level: super", "the set: unknown level 'super'"),
        ("valid_from: 2022-03-08", "valid_from: March", "the set: 'valid_from' must be a date such as 2022-03-08"),
        ("valid_to: 2025-12-31", "valid_to: 2021-12-31", "the set ends before it begins"),
        ("mark: R\nsup", "mark: X\nsup", "the set: unknown mark 'X'"),
        ("superseded_by: later", "replaced_by: later", "the set: unknown key 'replaced_by'"),
        (
            "counts: {criteria: 2, indicators: 4}",
            "counts: {criteria: 2, indicators: 5}",
            "the set lists 2 criteria and 4 indicators, its legal text has 2 and 5",
        ),
        (
            "superseded_by: later",
            'superseded_by: later\nrevocation: {criteria: ["9"], mark: C, source: "Art. 4"}',
            "the revocation names the unknown criterion '9'",
        ),
        ("group: tdmnpb, mark: C", "group: moon, mark: C", "override: unknown group 'moon'"),
        ("condition_vi: vẫn đạt", "why: vẫn đạt", "the requirement: unknown key 'why'"),
        ("title: Bài báo, ", "", "the source lacks 'title'"),
        ('- code: "2"', '- code: "1"', "criterion '1' stands twice"),
        ('- code: "1.2"', '- code: "1.1"', "indicator '1.1' stands twice"),
        ('- code: "1.1b"', '- code: "1.1a"', "part '1.1a' stands twice"),
        ('- code: "1.1b"', '- code: "1.2b"', "part '1.2b' does not belong to indicator '1.1'"),
        ('- code: "1.2"', '- code: "3.2"', "indicator '3.2' does not belong under criterion '1'"),
        ('- code: "1.2"', "- code: 1.2", "indicator '1.2': 'code' must be a text"),
        ("unnumbered: true", "numbered: false", "indicator '1.2': unknown key 'numbered'"),
        ("department: sxd\n        mark: R-med", "department: moon\n        mark: R-med", "'1.2': unknown department"),
        ('kind: money, compare: ">=", by', 'kind: gold, compare: ">=", by', "the rule: unknown kind 'gold'"),
        ('compare: ">=", by_year', 'compare: "~", by_year', "the rule: unknown compare '~'"),
        ('compare: ">=", by_year', "compare: is_true, by_year", "'1.2': 'is_true' does not fit kind 'money'"),
        ("by_year: {tdmnpb", "by_year: {moon", "indicator '1.2': the rule: unknown group 'moon'"),
        ("all: 100, tdmnpb", "all: 100, moon", "part '1.1a': the rule: unknown group 'moon'"),
        ("all: 100", "all: 101", "part '1.1a': the rule: the level 101 does not fit kind 'percent'"),
        ("2024: 45", "soon: 45", "indicator '1.2': the rule: 'soon' is no year"),
        ("2024: 45", "2024: much", "the rule: the level 'much' does not fit kind 'money'"),
        ("{2023: 42, 2024: 45}", "45", "indicator '1.2': the rule: '' is no year"),
        ("factor: 1.1", "factor: 0", "'relative_to': the factor must be a number above zero"),
        ("factor: 1.1", "factor: big", "'relative_to': the factor must be a number above zero"),
        ("factor: 1.1", "faktor: 1.1", "'relative_to': unknown key 'faktor'"),
        ("by_province: true", "by_province: often", "'by_province' must be true or false"),
        ("{of: [du lịch], open: true}", "{open: true}", "'choose' lacks 'of'"),
        ('      - code: "2.1"', '      - free\n      - code: "2.1"', "the indicator must be a mapping"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(folder: Path, old: str, new: str, cause: str) -> None:
    assert SAMPLE.count(old) == 1
    text = SAMPLE.replace(old, new)
    found = causes(folder, text)
    start = SAMPLE[: SAMPLE.index(old)].count("\n") + 1
    lines = range(start - 1, start + new.count("\n") + 1)
    assert any(cause in one and int(one.split(":")[0]) in lines for one in found), found


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        ('{kind: percent, compare: ">="}', "has no level and is not marked unknown or by_province"),
        (
            '{kind: percent, compare: ">=", thresholds: {all: 5}, unknown: true}',
            "says that its level is unknown and gives one",
        ),
        ('{kind: grade, compare: ">=", unknown: true}', "needs its grades, lowest first"),
        ('{kind: choice, compare: ">=", thresholds: {all: 1}}', "needs the fields to choose from"),
        ("{kind: set, compare: meets, unknown: true}", "needs the set it is relative to"),
    ],
)
def test_a_rule_that_says_too_little_is_named(folder: Path, rule: str, cause: str) -> None:
    old = '{kind: money, compare: ">=", by_year: {tdmnpb: {2023: 42, 2024: 45}}}'
    text = SAMPLE.replace(old, rule)
    assert causes(folder, text) == [f"{line_of(SAMPLE, old)}: indicator '1.2' {cause}"]


def test_the_levels_of_parts_stand_with_the_parts(folder: Path) -> None:
    old = 'rule: {kind: percent, compare: ">="}'
    text = SAMPLE.replace(old, 'rule: {kind: percent, compare: ">=", by_province: true}')
    assert causes(folder, text) == [
        f"{line_of(text, old[:-1])}: indicator '1.1' has parts, so its levels must stand with them"
    ]


def test_a_level_of_the_wrong_kind_is_named_once(folder: Path) -> None:
    text = SAMPLE.replace("{all: 1}, choose", "{all: many}, choose")
    assert causes(folder, text) == [
        f"{line_of(text, 'all: many')}: indicator '2.2': the rule: the level 'many' does not fit kind 'choice'"
    ]


def test_a_rule_must_be_there(folder: Path) -> None:
    text = SAMPLE.replace('        rule: {kind: money, compare: ">=", by_year: {tdmnpb: {2023: 42, 2024: 45}}}\n', "")
    line = line_of(text, 'code: "1.2"')
    assert causes(folder, text) == [f"{line}: indicator '1.2' lacks 'rule'"]


def test_a_criterion_of_a_complete_set_asks_for_something(folder: Path) -> None:
    text = SAMPLE.replace("criteria: 2,", "criteria: 3,") + '  - {code: "3", name_vi: Điện, name_en: Power}\n'
    line = line_of(text, "criteria:\n")
    assert causes(folder, text) == [f"{line}: criterion '3' of a complete set asks for nothing"]


def test_a_complete_set_needs_its_counts(folder: Path) -> None:
    text = SAMPLE.replace("counts: {criteria: 2, indicators: 4}\n", "")
    assert causes(folder, text) == ["1: a complete set must give the counts of its legal text"]


@pytest.mark.parametrize("counts", ["{criteria: 1, indicators: 4}", "{criteria: 2, indicators: 3}"])
def test_an_incomplete_set_lists_no_more_than_its_legal_text_has(folder: Path, counts: str) -> None:
    text = SAMPLE.replace("complete: true", "complete: false").replace("{criteria: 2, indicators: 4}", counts)
    assert len(causes(folder, text)) == 1


def test_an_impossible_date_is_named(folder: Path) -> None:
    text = SAMPLE.replace("2022-03-08", "2022-02-30")
    assert any(cause.startswith("8: '2022-02-30' cannot be read") for cause in causes(folder, text))


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    text = (
        SAMPLE.replace("level: standard", "level: super").replace('"1.2"\n', '"1.1"\n').replace("all: 100", "all: 101")
    )
    found = causes(folder, text)
    assert [int(cause.split(":")[0]) for cause in found] == sorted(line_of(text, part) for part in (
        "level: super", 'code: "1.1"\n        unnumbered', "all: 101"
    ))  # fmt: skip


# --- a folder ---


def test_a_folder_gives_its_sets_by_key(folder: Path) -> None:
    write(folder, SAMPLE)
    write(folder, SAMPLE.replace("key: sample", "key: second"), "second")
    assert sorted(load_all(folder)) == ["sample", "second"]


def test_the_mistakes_of_all_files_are_told_together(folder: Path) -> None:
    write(folder, SAMPLE.replace("level: standard", "level: super"))
    write(folder, SAMPLE.replace("key: sample", "key: second").replace("version: 2", "version: two"), "second")
    with pytest.raises(Broken) as caught:
        load_all(folder)
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [
        ("sample.yaml", 7),
        ("second.yaml", 2),
    ]


def test_a_reference_to_what_is_not_there_is_named_with_its_line(folder: Path) -> None:
    text = SAMPLE.replace("{set: sample, condition", "{set: lost, condition").replace('"1.2", factor', '"1.9", factor')
    write(folder, text)
    with pytest.raises(Broken) as caught:
        load_all(folder)
    assert [str(problem) for problem in caught.value.problems] == [
        f"sample.yaml:{line_of(text, 'set: lost')}: unknown set 'lost'",
        f"sample.yaml:{line_of(text, '1.9')}: unknown indicator '1.9' of the set 'sample'",
    ]


def test_departments_are_read_with_their_former_names(folder: Path) -> None:
    assert load_departments(folder / "departments.yaml")["sxd"].former_vi == ("Sở Xây dựng",)


def test_a_department_stands_once(folder: Path) -> None:
    path = write(folder, DEPARTMENTS + DEPARTMENTS.splitlines()[-1] + "\n", "departments")
    with pytest.raises(Broken, match="departments.yaml:4: the department 'sxd' stands twice"):
        load_departments(path)
