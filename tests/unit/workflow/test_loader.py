"""Reading a procedure: every mistake at once, each with its line and cause; what is shipped is never changed."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from tests.broken_procedures import ACTIONS, FIGURES, HEAD, ODD_VALUES, STATES, UNREADABLE, Mistake
from workflow.loader import FOLDER, build, load, load_all, load_files
from workflow.names import Level, Mark, Reach, Role, StateKind, Tier, Work
from workflow.source import Broken, Problem

GOLDEN = Path(__file__).parents[2] / "golden"
SHIPPED = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
THREE = SHIPPED["commune-2022-three-tier.yaml"]

TWELVE = [
    (9, "the dates in force: 'to' must be a date such as 2025-07-01"),
    (15, "figure 'survey.threshold': unknown mark 'X'"),
    (23, "state 'drafting' lacks 'vi'"),
    (33, "state 'recommended': unknown key 'desk'"),
    (34, "state 'forgotten' cannot be reached from the start"),
    (48, "action 'open': unknown guard 'moon_is_full'"),
    (52, "action 'submit': guard 'residents_satisfied' needs the figure 'survey.item_threshold'"),
    (57, "action 'submit': unknown role 'commune_mayor'"),
    (61, "the key 'clause' stands twice"),
    (71, "action 'recognise': 'takes_number' must be true or false"),
    (81, "action 'decline': the event 'declined' needs what is not asked: reason"),
    (84, "action 'announce': nobody can act (district_reviewer; reach below)"),
]


def problems_of(text: str, file: str = "x.yaml") -> list[tuple[int, str]]:
    with pytest.raises(Broken) as broken:
        build(text, file)
    assert {problem.file for problem in broken.value.problems} == {file}
    return [(problem.line, problem.cause) for problem in broken.value.problems]


@pytest.mark.parametrize("mistake", [*HEAD, *FIGURES, *STATES, *ACTIONS], ids=lambda mistake: mistake.cause)
def test_a_mistake_is_told_with_its_line_and_cause(mistake: Mistake) -> None:
    assert THREE.count(mistake.old) == 1
    changed = THREE.replace(mistake.old, mistake.new)
    assert not mistake.at or changed.count(mistake.at) == 1
    place = changed.index(mistake.at) if mistake.at else THREE.index(mistake.old)
    assert (changed[:place].count("\n") + 1, mistake.cause) in problems_of(changed)


@pytest.mark.parametrize(("text", "line", "cause"), UNREADABLE)
def test_a_file_that_is_not_yaml_is_refused_with_its_line(text: str, line: int, cause: str) -> None:
    assert problems_of(text) == [(line, cause)]


@pytest.mark.parametrize(("text", "line", "cause"), ODD_VALUES)
def test_a_value_that_yaml_allows_and_a_procedure_does_not_is_told(text: str, line: int, cause: str) -> None:
    assert (line, cause) in problems_of(text)


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"key: x\nversion: 1\ntitle: Cao B\xe3ng\n")
    with pytest.raises(Broken) as broken:
        load(path)
    assert broken.value.problems == (Problem("latin.yaml", 3, "not a text in UTF-8"),)


def test_twelve_mistakes_in_one_file_are_told_together() -> None:
    with pytest.raises(Broken) as broken:
        load(GOLDEN / "twelve_mistakes.yaml")
    assert [(problem.line, problem.cause) for problem in broken.value.problems] == TWELVE
    assert str(broken.value).splitlines() == [f"twelve_mistakes.yaml:{line}: {cause}" for line, cause in TWELVE]


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("kind: start}", "kind: final}", "there must be exactly one start state, found 0"),
        (
            "  withdrawn: {",
            '  other: {vi: "A", en: "B", kind: start}\n  withdrawn: {',
            "there must be exactly one start state, found 2",
        ),
        ("kind: final", "kind: open, holder: commune_officer", "there is no final state"),
    ],
)
def test_the_states_as_a_whole_are_told_at_their_section(old: str, new: str, cause: str) -> None:
    line = THREE[: THREE.index("\nstates:")].count("\n") + 2
    assert (line, cause) in problems_of(THREE.replace(old, new))


def test_without_a_start_no_state_is_called_unreachable() -> None:
    causes = [cause for _, cause in problems_of(THREE.replace("kind: start}", "holder: commune_officer}"))]
    assert causes == ["there must be exactly one start state, found 0"]


def test_a_state_without_a_way_on_is_told() -> None:
    dead_end = THREE.replace("    from: [recognised]\n    to: announced", "    from: [recommended]\n    to: announced")
    line = dead_end[: dead_end.index("\n  recognised:")].count("\n") + 2
    assert problems_of(dead_end) == [(line, "state 'recognised' has no way to an end")]


def test_a_separation_from_what_never_happens_is_told() -> None:
    two = SHIPPED["commune-2022-two-tier.yaml"]
    old = "not_same_person_as: [submitted, resubmitted, verified, appraised, recommended]"
    line = two[: two.index("\n  recognise:")].count("\n") + 2
    cause = "action 'recognise': nothing in this procedure records 'forwarded'"
    assert problems_of(two.replace(old, "not_same_person_as: [submitted, forwarded]", 1)) == [(line, cause)]


def test_an_office_of_a_tier_that_the_procedure_does_not_have_holds_nothing() -> None:
    two = SHIPPED["commune-2022-two-tier.yaml"]
    changed = two.replace("holder: council_secretary", "holder: district_reviewer", 1)
    line = two[: two.index("\n  council:")].count("\n") + 2
    cause = "state 'council': this procedure does not have the tier of 'district_reviewer'"
    assert problems_of(changed) == [(line, cause)]


def test_an_empty_mapping_lacks_everything_at_once() -> None:
    causes = {cause for _, cause in problems_of("{}")}
    needed = (
        "key",
        "version",
        "title",
        "subject",
        "levels",
        "tiers",
        "in_force",
        "figures",
        "states",
        "actions",
        "mark",
    )
    assert {f"the procedure lacks '{key}'" for key in (*needed, "legal_basis", "authority")} <= causes


# Several files


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_the_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "- a")
    write(tmp_path, "b.yaml", THREE)
    write(tmp_path, "c.yaml", THREE.replace("authority: chairman", "authority: king"))
    with pytest.raises(Broken) as broken:
        load_all(tmp_path)
    assert [problem.file for problem in broken.value.problems] == ["a.yaml", "c.yaml"]


def test_one_version_exists_once_and_may_follow_another_of_the_same_key(tmp_path: Path) -> None:
    first, again = write(tmp_path, "a.yaml", THREE), write(tmp_path, "b.yaml", THREE)
    with pytest.raises(Broken) as broken:
        load_files([first, again])
    assert broken.value.problems == (Problem("b.yaml", 1, "'commune-2022-three-tier@1' exists twice"),)
    second = write(tmp_path, "c.yaml", THREE.replace("\nversion: 1", "\nversion: 2"))
    assert list(load_files([first, second])) == ["commune-2022-three-tier@1", "commune-2022-three-tier@2"]


@pytest.mark.parametrize(("last_day", "clashes"), [("2025-06-30", False), ("2025-07-01", True)])
def test_two_procedures_for_one_subject_are_never_in_force_on_one_day(
    tmp_path: Path, last_day: str, *, clashes: bool
) -> None:
    write(tmp_path, "a.yaml", THREE.replace("to: 2025-06-30}", f"to: {last_day}}}"))
    write(tmp_path, "b.yaml", SHIPPED["commune-2022-two-tier.yaml"])
    if not clashes:
        assert len(load_all(tmp_path)) == 2
        return
    with pytest.raises(Broken) as broken:
        load_all(tmp_path)
    cause = "its dates in force overlap with those of 'commune-2022-three-tier@1'"
    assert broken.value.problems == (Problem("b.yaml", 1, cause),)


def test_another_subject_may_have_its_own_procedure_on_the_same_days(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", THREE)
    write(tmp_path, "b.yaml", THREE.replace("subject: commune", "subject: hamlet").replace("key: c", "key: h-c"))
    assert len(load_all(tmp_path)) == 2


# What is shipped


def test_the_shipped_files_load_and_say_what_they_say() -> None:
    procedure = load_all()["commune-2022-three-tier@1"]
    assert procedure.tiers == (Tier.COMMUNE, Tier.DISTRICT, Tier.PROVINCE)
    assert procedure.levels == {Level.STANDARD: None, Level.ADVANCED: Level.STANDARD, Level.MODEL: Level.ADVANCED}
    assert (procedure.in_force_from, procedure.in_force_to) == (date(2022, 8, 2), date(2025, 6, 30))
    assert procedure.figures["posting.days"].mark is Mark.RECALLED_LOW
    assert procedure.clocks["announcement"].unit == "calendar"
    assert procedure.clocks["survey"].unit == "working"
    assert procedure.states["unopened"].kind is StateKind.START
    assert procedure.states["surveying"].work[Work.ATTACH_PART] == (Role.COMMUNE_FRONT, Role.COMMUNE_OFFICER)
    assert procedure.states["announced"].work == {}
    assert procedure.states["announced"].tier is None
    assert procedure.actions["submit"].reach is Reach.OWN
    assert procedure.actions["verify"].reach is Reach.BELOW
    assert procedure.actions["recognise"].takes_number
    assert not procedure.actions["announce"].takes_number
    assert procedure.digest == sha256(THREE.encode()).hexdigest()


def test_a_released_file_is_never_changed() -> None:
    pinned = json.loads((GOLDEN / "released_procedures.json").read_text("utf-8"))
    assert {name: sha256(text.encode()).hexdigest() for name, text in SHIPPED.items()} == pinned
