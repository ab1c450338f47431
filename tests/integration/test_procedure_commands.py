"""`flask procedures` and `flask policy`: what they print, what they write, and when they end with an error."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from commands import policy, procedures
from commands.generated import table
from commands.procedure_pages import page_of, pages_of
from settings import ROOT
from tests.builders import three_tier, two_tier
from workflow.diagram import draw
from workflow.loader import FOLDER, build
from workflow.names import Role

GOLDEN = ROOT / "tests" / "golden"
KEYS = ("commune-2022-three-tier", "commune-2022-two-tier")


def run(group: click.Group, *words: object) -> Result:
    """Run a command as the shell would; an unforeseen exception fails the test."""
    return CliRunner().invoke(group, [str(word) for word in words], catch_exceptions=False)


# check


def test_check_says_what_the_shipped_procedures_prove() -> None:
    found = run(procedures.GROUP, "check")
    assert found.exit_code == 0
    lines = found.output.splitlines()
    assert lines[0] == "commune-2022-three-tier@1, in force from 02/08/2022 to 30/06/2025"
    assert "  29 states, all reached from 'unopened', each with a way to an end:" in lines
    assert "    recommended -> recognised -> announced" in lines
    assert "    unopened -> self_assessing -> withdrawn" in lines
    assert "  41 actions, each with somebody who can take it:" in lines
    assert "    rework: commune_officer, commune_chairman (own)" in lines
    assert "    recognise: provincial_chairman (below)" in lines
    assert "  19 figures: 3 C, 3 P, 4 R-med, 9 R-low" in lines
    assert "    survey: 15 working days (P) in surveying" in lines
    assert "commune-2022-two-tier@1, in force from 01/07/2025" in lines
    way = next(line for line in lines if line.startswith("    unopened") and line.endswith("announced"))
    assert way.split(" -> ")[-4:] == ["council", "recommended", "recognised", "announced"]
    assert "    district_verifying -> department_received" in lines
    assert "      asked again: parts_checked, criteria_met, verdicts_explained" in lines


def test_check_prints_all_twelve_mistakes_of_a_file_and_ends_with_an_error() -> None:
    found = run(procedures.GROUP, "check", GOLDEN / "twelve_mistakes.yaml")
    assert found.exit_code == 1
    assert len(found.output.splitlines()) == 12
    assert found.output.startswith(
        "twelve_mistakes.yaml:9: the dates in force: 'to' must be a date such as 2025-07-01\n"
    )


def test_check_of_one_good_file_says_what_it_proves_and_of_a_bad_one_beside_it_only_what_is_wrong() -> None:
    good = FOLDER / "commune-2022-two-tier.yaml"
    assert run(procedures.GROUP, "check", good).output.count("each with a way to an end") == 1
    both = run(procedures.GROUP, "check", good, GOLDEN / "twelve_mistakes.yaml")
    assert both.exit_code == 1
    assert "each with a way to an end" not in both.output


def test_check_of_a_file_that_is_not_there_says_so() -> None:
    found = run(procedures.GROUP, "check", "nowhere.yaml")
    assert found.exit_code == 2
    assert "nowhere.yaml" in found.output


# list


def test_list_prints_one_line_for_each_procedure() -> None:
    assert run(procedures.GROUP, "list").output.splitlines() == [
        (
            "commune-2022-three-tier version 1: in force from 02/08/2022 to 30/06/2025; "
            "29 states, 41 actions; 19 figures: 3 C, 3 P, 4 R-med, 9 R-low"
        ),
        (
            "commune-2022-two-tier version 1: in force from 01/07/2025; "
            "26 states, 37 actions; 18 figures: 3 C, 3 P, 3 R-med, 9 R-low"
        ),
    ]


# draw


def test_draw_writes_a_page_and_a_picture_for_each_procedure_once(tmp_path: Path) -> None:
    first = run(procedures.GROUP, "draw", "--docs", tmp_path)
    assert first.exit_code == 0
    assert first.output.count(" written") == 6
    folder = tmp_path / "procedures"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{key}{end}" for key in KEYS for end in (".md", ".svg", "-revocation.svg")
    )
    assert (folder / "commune-2022-two-tier.svg").read_text("utf-8") == draw(two_tier(), lang="vi").rstrip() + "\n"
    assert run(procedures.GROUP, "draw", "--docs", tmp_path).output == ""
    assert "6 generated pages are fresh" in run(procedures.GROUP, "draw", "--check", "--docs", tmp_path).output


@pytest.mark.parametrize("key", ["commune-2022-two-tier", "commune-2022-two-tier@1"])
def test_draw_of_one_procedure_writes_only_its_own(tmp_path: Path, key: str) -> None:
    assert run(procedures.GROUP, "draw", key, "--docs", tmp_path).exit_code == 0
    assert len(list((tmp_path / "procedures").iterdir())) == 3
    assert run(procedures.GROUP, "draw", key, "--check", "--docs", tmp_path).exit_code == 0


def test_draw_of_an_unknown_procedure_names_those_there_are(tmp_path: Path) -> None:
    found = run(procedures.GROUP, "draw", "commune-1999", "--docs", tmp_path)
    assert found.exit_code == 1
    assert f"There is no procedure 'commune-1999'. There are: {', '.join(KEYS)}." in found.output


def test_draw_check_names_what_is_missing_stale_and_left_over_and_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "procedures"
    run(procedures.GROUP, "draw", "--docs", tmp_path)
    page = folder / "commune-2022-two-tier.md"
    stale = page.read_text("utf-8").replace("15 calendar days", "30 calendar days") + "\n"
    page.write_text(stale, "utf-8")
    (folder / "commune-2022-three-tier.svg").unlink()
    (folder / "commune-1999.md").write_text("old", "utf-8")
    found = run(procedures.GROUP, "draw", "--check", "--docs", tmp_path)
    assert found.exit_code == 1
    lines = found.output.splitlines()
    assert f"{folder / 'commune-2022-three-tier.svg'}: missing" in lines
    assert f"{page}: not fresh, 2 lines to add, 3 to take away" in lines
    assert any(line.startswith("    +| `posting.days`") for line in lines)
    assert f"{folder / 'commune-1999.md'}: left over, nothing makes this page any more" in lines
    assert page.read_text("utf-8") == stale


def test_a_page_tells_each_state_action_and_figure_with_its_mark() -> None:
    page = page_of(three_tier(), "x.svg")
    assert page.startswith("<!-- Made by `flask procedures draw` from commune-2022-three-tier@1")
    for name in (*three_tier().states, *three_tier().actions, *three_tier().figures):
        assert f"\n| `{name}` |" in page
    submit = next(line for line in page.splitlines() if line.startswith("| `submit` |"))
    assert "Trình hồ sơ lên huyện" in submit
    assert "`debt_free`: G3: the commune has no outstanding construction debt" in submit
    assert submit.endswith("| domain 3.1 row 6; QĐ 18/2022 Regulation Art. 4 | C |")
    assert "not by who `submitted`, `resubmitted`" in page
    assert (
        "| `issue.working_days` | Thời hạn phát hành văn bản | Time to issue the document | 1 working day | C |" in page
    )


def test_every_table_of_a_page_is_as_wide_as_its_head() -> None:
    lines = [line.replace("\\|", "") for line in page_of(two_tier(), "x.svg").splitlines() if line.startswith("|")]
    width = 0
    for line in lines:
        width = line.count("|") if line.startswith(("| State", "| Action", "| Figure")) else width
        assert line.count("|") == width


def test_a_cell_may_hold_a_bar_or_nothing() -> None:
    assert table(("A", "B"), [["x|y", ""]]) == ["| A | B |", "| --- | --- |", "| x\\|y | - |", ""]


def test_a_later_version_has_pages_of_its_own(tmp_path: Path) -> None:
    text = (FOLDER / "commune-2022-two-tier.yaml").read_text("utf-8").replace("\nversion: 1", "\nversion: 2")
    pages = pages_of(build(text, "x.yaml"), tmp_path)
    assert [path.name for path in pages] == [
        f"commune-2022-two-tier-v2{end}" for end in (".md", ".svg", "-revocation.svg")
    ]


# policy


def test_policy_show_prints_and_keeps_the_page(tmp_path: Path) -> None:
    found = run(policy.GROUP, "show", "--docs", tmp_path)
    page = (tmp_path / "permissions.md").read_text("utf-8")
    assert found.exit_code == 0
    assert found.stdout == page
    assert run(policy.GROUP, "show", "--check", "--docs", tmp_path).stdout == "1 generated pages are fresh\n"
    (tmp_path / "permissions.md").write_text(page.replace("`submit`", "`approve`"), "utf-8")
    stale = run(policy.GROUP, "show", "--check", "--docs", tmp_path)
    assert stale.exit_code == 1
    assert "permissions.md: not fresh, 2 lines to add, 2 to take away" in stale.output


def test_the_permissions_name_each_office_verb_and_reach() -> None:
    page = policy.permissions([three_tier()])
    assert all(f"\n| `{role}` | {role.tier} | {role.desk} |" in page for role in Role)
    assert "| `commune_chairman` | `submit` | action | own | `commune_ready` | - |" in page
    assert "| `district_reviewer` | `keep_vote` | work | below | `district_vote` | - |" in page
    granted = {(role, action.name, "action") for action in three_tier().actions.values() for role in action.by} | {
        (role, work, "work")
        for state in three_tier().states.values()
        for work, roles in state.work.items()
        for role in roles
    }
    rows = [line.split(" | ") for line in page.splitlines() if " | action | " in line or " | work | " in line]
    assert {(row[0].strip("| `"), row[1].strip("`"), row[2]) for row in rows} == granted
    assert len(rows) == len(granted)


# The pages in the repository


def test_the_pages_in_the_repository_are_fresh() -> None:
    assert run(procedures.GROUP, "draw", "--check").exit_code == 0
    assert run(policy.GROUP, "show", "--check").exit_code == 0
