import pytest, sqlalchemy as sa, migrations
from casework.unit_of_work import unit_of_work, reading
@pytest.mark.parametrize("i", range(10))
def test_db(engine, i, database_url):
    with reading(engine) as c: assert len(sa.inspect(c).get_table_names())>10
    assert migrations.state(database_url)=="current"
def test_empty(empty_database_url):
    assert migrations.state(empty_database_url)=="empty"
