"""Which papers are copied in which form, and which pages are an extract."""

import pytest

from workflow.copies import COPIES, against_form, against_pages, forms_of
from workflow.names import DocumentKind
from workflow.refusal import Refusal, refuse

TRUE_COPY, COPY_OF_COPY, EXTRACT = COPIES
DECISION = DocumentKind.DECISION
OF_ORIGINAL, OF_TRUE_COPY = (refuse(f"copy.only_of_{what}", field="form") for what in ("original", "true_copy"))


def test_every_paper_but_a_copy_is_copied_whole_or_in_part() -> None:
    papers = set(DocumentKind) - set(COPIES)
    assert {forms_of(kind) for kind in papers} == {(TRUE_COPY, EXTRACT)}
    assert [forms_of(kind) for kind in COPIES] == [(COPY_OF_COPY,), (), ()]


@pytest.mark.parametrize(
    ("kind", "form", "refused"),
    [
        (DECISION, TRUE_COPY, None),
        (DECISION, EXTRACT, None),
        (DECISION, COPY_OF_COPY, OF_TRUE_COPY),
        (TRUE_COPY, COPY_OF_COPY, None),
        (TRUE_COPY, TRUE_COPY, OF_ORIGINAL),
        (TRUE_COPY, EXTRACT, OF_ORIGINAL),
        (COPY_OF_COPY, COPY_OF_COPY, OF_TRUE_COPY),
        (EXTRACT, TRUE_COPY, OF_ORIGINAL),
    ],
)
def test_a_form_that_does_not_suit_the_paper_is_refused(
    kind: DocumentKind, form: DocumentKind, refused: Refusal | None
) -> None:
    assert against_form(kind, form) == refused


@pytest.mark.parametrize(
    ("form", "chosen", "pages", "refused"),
    [
        (TRUE_COPY, (), 3, None),
        (TRUE_COPY, (1,), 3, refuse("copy.whole", field="pages")),
        (EXTRACT, (), 3, refuse("copy.which_pages", field="pages")),
        (EXTRACT, (9,), None, None),
        (EXTRACT, (1, 3), 3, None),
        (EXTRACT, (0, 1), 3, refuse("copy.no_such_page", field="pages", pages=3)),
        (EXTRACT, (3, 4), 3, refuse("copy.no_such_page", field="pages", pages=3)),
        (EXTRACT, (1, 2, 2, 3), 3, refuse("copy.all_pages", field="pages")),
    ],
)
def test_an_extract_is_of_some_pages_that_are_there(
    form: DocumentKind, chosen: tuple[int, ...], pages: int | None, refused: Refusal | None
) -> None:
    assert against_pages(form, chosen, pages) == refused
