"""The templates: shipped whole, closed to what is not the document's, and safe with what people type."""

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from documents.html import TEMPLATES, environment, kept, samples_of, template_of, tied, to_html, whole
from documents.kinds import KINDS
from tests.unit.documents.paper import SAMPLES, sample


def parts(name: str) -> tuple[str, int]:
    kind, _, version = name.partition("/v")
    return kind, int(version)


def test_every_template_has_a_context_and_every_context_a_template() -> None:
    shipped = {path.parent.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("*/v*/meta.yaml")}
    assert shipped == set(KINDS)
    assert all(samples_of(*parts(name)) for name in KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_template_is_whole(name: str) -> None:
    template = template_of(*parts(name))
    assert template.name
    assert template.form
    assert template.legal_basis.startswith("Nghị định số 30/2020/NĐ-CP")
    assert all((TEMPLATES / sheet).is_file() for sheet in template.stylesheets)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_becomes_a_page(name: str) -> None:
    template = template_of(name.partition("/")[0], 1)
    assert template.heading.upper() in to_html(sample(name)).upper()


def test_a_form_that_is_not_confirmed_says_so() -> None:
    marks = {name: template_of(*parts(name)).mark for name in KINDS}
    doubtful = {name: mark for name, mark in marks.items() if mark != "C"}
    assert doubtful == {"certificate/v1": "R-low", "dossier_index/v1": "D"}


def test_what_people_type_is_text_and_never_markup() -> None:
    evil = "xã <img src=file:///etc/passwd> {{ 7 * 7 }}"
    page = to_html(sample(legal_bases=(evil,), place=evil))
    assert "<img src=file" not in page
    assert "&lt;img src=file:///etc/passwd&gt; {{ 7 * 7 }}" in page


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("{{ doc.units.__class__.__mro__ }}", SecurityError),
        ("{{ doc.__init__.__globals__ }}", SecurityError),
        ("{{ nothing_of_the_kind }}", UndefinedError),
        ("{{ doc.colour }}", UndefinedError),
        ("{% include '../../README.md' %}", TemplateNotFound),
        ("{% include '/etc/passwd' %}", TemplateNotFound),
    ],
)
def test_templates_cannot_leave_their_room(source: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        environment().from_string(source).render(doc=sample())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("số 18/2022/QĐ-TTg;", 'số <span class="kept">18/2022/QĐ-TTg</span>;'),
        ("năm 2025 <b>", '<span class="kept">năm 2025</span> &lt;b&gt;'),
        ("Điều 3 & Điều 4", '<span class="kept">Điều 3</span> &amp; <span class="kept">Điều 4</span>'),
        ("giai đoạn 2021 - 2025", "giai đoạn 2021 - 2025"),
    ],
)
def test_numbers_are_held_with_their_word(text: str, written: str) -> None:
    assert kept(text) == written


def test_names_and_last_words_stay_on_one_line() -> None:
    kept_names = '<span class="kept">xã Nam Tuấn,</span> <span class="kept">tỉnh Cao Bằng</span>'
    assert whole("xã Nam Tuấn, tỉnh Cao Bằng") == kept_names
    assert tied(Markup("đạt chuẩn nông thôn mới")) == 'đạt chuẩn <span class="kept">nông thôn mới</span>'
    assert tied(Markup("ba từ <b>thôi</b>")) == "ba từ <b>thôi</b>"
    assert tied(Markup("hai từ")) == "hai từ"


def test_templates_name_no_address_but_bundled_assets() -> None:
    files = [path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".css"}]
    assert files
    for path in files:
        assert "://" not in Path(path).read_text("utf-8"), path
