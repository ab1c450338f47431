"""The criteria table of a dossier's page: what its lines hold is escaped where it is put together."""

from datetime import date

from markupsafe import Markup

from blueprints.desk.summary import Line, _breaking, constants_of
from queries.rulebook import criteria_sets, rules_of

SET = "commune-ntm-2021-2025"


def test_a_value_that_looks_like_a_mark_is_shown_as_it_was_typed() -> None:
    assert _breaking("<b>1/2</b>") == Markup("&lt;b&gt;1/<wbr>2&lt;/<wbr>b&gt;")
    assert isinstance(_breaking("5 %"), Markup)


def test_what_every_line_says_is_escaped_and_in_its_language() -> None:
    rules = rules_of(SET, "1/QĐ-UBND", date(2022, 8, 12), "tdmnpb", 2025, "{}", practice=True)
    vi, en = constants_of(rules, "vi"), constants_of(rules, "en")
    assert list(vi) == [one.code for one in criteria_sets()[SET].indicators]
    assert all(isinstance(text, Markup) for texts in (*vi.values(), *en.values()) for text in texts)
    assert vi["2.1"] != en["2.1"]
    assert Line._fields[:4] == ("code", "name", "required", "doubt")
