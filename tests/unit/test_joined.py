"""A nested select that takes the dossier of the statement around it for another one is caught by every test."""

import pytest
from sqlalchemy import func, select

from models.base import table_of
from models.dossiers import CheckedPart, Dossier
from models.events import DossierEvent

D, K, E = table_of(Dossier), table_of(CheckedPart), table_of(DossierEvent)
SINCE = select(func.max(E.c.at)).where(E.c.dossier_id == D.c.id)
TICKED = select(func.count()).select_from(K).where(K.c.dossier_id == D.c.id)


def test_a_select_two_levels_down_that_says_nothing_of_the_dossier_is_caught() -> None:
    statement = select(D.c.id, TICKED.where(K.c.at >= SINCE.scalar_subquery()).scalar_subquery())
    with pytest.raises(AssertionError, match="FROM dossier_event, dossier"):
        str(statement)


def test_one_that_names_it_is_not() -> None:
    statement = select(D.c.id, TICKED.where(K.c.at >= SINCE.correlate(D).scalar_subquery()).scalar_subquery())
    assert "FROM dossier_event \n" in str(statement)
