"""What the database itself refuses, whoever asks: changing or deleting history, changing what was issued.

SQLite loses a table's triggers when a later revision rebuilds the table in a batch: that revision makes them again.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

APPEND_ONLY = {
    "dossier_event": "an event is never changed or deleted; a correction is another event",
    "answer_revision": "a revision of an answer is never changed or deleted; a correction is another revision",
}
DOCUMENT_KEPT = "an issued document is never changed or deleted; its bytes are recorded once"
KEPT = APPEND_ONLY | {"issued_document": DOCUMENT_KEPT}
ISSUED_FIXED = (
    "id",
    "event_id",
    "dossier_id",
    "unit_id",
    "kind",
    "year",
    "number",
    "symbol",
    "signed_on",
    "context",
    "template_version",
)
RENDERED = ("sha256", "rendered_at")
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def create_triggers(connection: Connection) -> None:
    """Put the triggers in place."""
    statements = _postgresql() if connection.dialect.name == "postgresql" else _sqlite()
    for statement in statements:
        connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Take them away again; on SQLite they go with their tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION refuse_change() CASCADE")


def _changed(differs: str) -> str:
    """The condition that an update touches what was issued, or the bytes when they are recorded already."""
    issued = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in ISSUED_FIXED)
    rendered = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in RENDERED)
    return f"{issued} OR (OLD.sha256 IS NOT NULL AND ({rendered}))"


def _sqlite() -> Iterator[str]:
    for table, sentence in KEPT.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        changed = "" if table in APPEND_ONLY else f"WHEN {_changed('IS NOT')} "
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {changed}{refuse}"
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"


def _postgresql() -> Iterator[str]:
    yield REFUSE_CHANGE
    for table, sentence in KEPT.items():
        refuse = f"EXECUTE FUNCTION refuse_change('{sentence}')"
        changed = "" if table in APPEND_ONLY else f"WHEN ({_changed('IS DISTINCT FROM')}) "
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {changed}{refuse}"
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
        yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
