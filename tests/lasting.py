"""A PostgreSQL database that serves all tests of a process: what stands in it is taken out and put back in its place.

That costs a few milliseconds where a copied database costs fifty and forgets what every connection has learnt of it.
Rows and sequences are put back; a test that changed anything else has left a mark, and the database is made anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event

from tests import database

OPTIONS = "-c session_replication_role=replica -c lock_timeout=5000"  # no trigger refuses, no key is looked up
ENOUGH = 4 * 1024 * 1024  # bytes of rows, most of them dead, from which on emptying the files is worth its price
PREPARE = """
CREATE SCHEMA testing;
CREATE TABLE testing.change (command text);
CREATE FUNCTION testing.note_change() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO testing.change VALUES (tg_tag);
END
$$;
CREATE FUNCTION testing.used_tables() RETURNS SETOF regclass LANGUAGE sql STABLE AS $$
    SELECT oid FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
$$;
CREATE FUNCTION testing.empty(enough bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    used CONSTANT regclass[] := ARRAY(SELECT testing.used_tables());
    one regclass;
BEGIN
    IF (SELECT sum(pg_relation_size(each)) FROM unnest(used) AS each) > enough THEN
        EXECUTE 'TRUNCATE ' || array_to_string(used, ', ') || ' CASCADE'; -- the dead rows of many tests go too
    ELSE
        FOREACH one IN ARRAY used LOOP
            EXECUTE 'DELETE FROM ' || one;
        END LOOP;
    END IF;
END
$$;
CREATE EVENT TRIGGER note_change ON ddl_command_end EXECUTE FUNCTION testing.note_change();
"""
SEQUENCES = """
SELECT array_agg(format('%I.%I', schemaname, sequencename)),
    array_agg(coalesce(last_value, start_value)), array_agg(last_value IS NOT NULL)
FROM pg_sequences
"""
SET_SEQUENCES = """
SELECT setval(name::regclass, last, called) FROM unnest(%s::text[], %s::bigint[], %s::bool[]) AS _ (name, last, called)
"""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT (state = 'idle' AND pid = ANY(%s))
"""


class Changed(Exception):
    """A test changed more than rows, with the first command that did."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What stood in a database: the rows of each table that had any, and how far each sequence was."""

    tables: dict[str, bytes]
    sequences: tuple[Any, ...]


class Lasting:
    """A database made from a template once, with the rows of that template in it whenever `fresh` has been called."""

    def __init__(self, server_url: str, name: str, template: str) -> None:
        self._server_url, self._name, self._template = server_url, name, template
        self.enough = ENOUGH
        self._engines: list[Engine] = []
        self._warm: set[int] = set()
        self.url = self._make()
        self._fresh = self._rows()

    def keep_warm(self, engine: Engine) -> None:
        """Leave the connections of this engine open from test to test: they know the tables and their plans already."""
        event.listen(engine, "connect", lambda connection, _record: self._warm.add(connection.info.backend_pid))
        self._engines.append(engine)

    def fresh(self) -> str:
        """Put the database back to how its template is, and return its address, which is always the same."""
        self._put(self._fresh)
        return self.url

    def keep(self) -> Callable[[], None]:
        """Remember what stands here now, and return what puts it back."""
        return partial(self._put, self._rows())

    def close(self) -> None:
        """Close every connection that was left open."""
        self._connection.close()
        for engine in self._engines:
            engine.dispose()

    def _make(self) -> str:
        for engine in self._engines:
            engine.dispose()
        url = database.replace_database(self._server_url, self._name, self._template)
        self._connection = psycopg.connect(url, autocommit=True, options=OPTIONS)
        self._connection.execute(PREPARE)
        return url

    def _put(self, rows: Rows) -> None:
        try:
            self._put_in_place(rows)
        except (Changed, psycopg.Error):
            self._connection.close()
            self._make()
            self._put_in_place(rows)

    def _put_in_place(self, rows: Rows) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(END_OTHERS, [list(self._warm)])
            changed = cursor.execute("SELECT command FROM testing.change LIMIT 1").fetchone()
            if changed:
                raise Changed(*changed)
            with self._connection.transaction():
                cursor.execute("SELECT testing.empty(%s)", [self.enough])
                for table, content in rows.tables.items():
                    with cursor.copy(copying(table, "FROM STDIN")) as copy:
                        copy.write(content)
                cursor.execute(SET_SEQUENCES, rows.sequences)

    def _rows(self) -> Rows:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            used = [str(name) for (name,) in cursor.execute("SELECT testing.used_tables()::text").fetchall()]
            tables = {}
            for table in used:
                with cursor.copy(copying(table, "TO STDOUT")) as copy:
                    tables[table] = b"".join(bytes(part) for part in copy)
            return Rows(tables, cursor.execute(SEQUENCES).fetchone() or ())


def copying(table: str, direction: str) -> sql.Composed:
    """The statement that copies the rows of a table in or out, in PostgreSQL's own form."""
    return sql.SQL("COPY {} {} (FORMAT binary)").format(sql.Identifier(table), sql.SQL(direction))
