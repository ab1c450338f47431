"""What the database itself refuses, whoever asks: changing or deleting history, changing what was issued."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

APPEND_ONLY = ("dossier_event", "answer_revision")
ISSUED_FIXED = ("event_id", "dossier_id", "unit_id", "kind", "year", "number", "symbol", "signed_on", "context")


def create_triggers(connection: Connection) -> None:
    """Put the triggers in place."""
    statements = _postgresql() if connection.dialect.name == "postgresql" else _sqlite()
    for statement in statements:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Take the triggers' functions away; the triggers themselves go with their tables."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION refuse_change() CASCADE"))
        connection.execute(text("DROP FUNCTION keep_issued() CASCADE"))


def _changed(old: str = "OLD", new: str = "NEW", operator: str = "IS NOT") -> str:
    fixed = [f"{new}.{column} {operator} {old}.{column}" for column in ISSUED_FIXED]
    filled = [f"({old}.{column} IS NOT NULL AND {new}.{column} {operator} {old}.{column})" for column in ("sha256",)]
    return " OR ".join((*fixed, *filled))


def _sqlite() -> Iterator[str]:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    yield (
        "CREATE TRIGGER issued_document_no_delete BEFORE DELETE ON issued_document "
        "BEGIN SELECT RAISE(ABORT, 'an issued document is never deleted'); END"
    )
    yield (
        f"CREATE TRIGGER issued_document_fixed BEFORE UPDATE ON issued_document WHEN {_changed()} "
        "BEGIN SELECT RAISE(ABORT, 'an issued document is never changed'); END"
    )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in (*APPEND_ONLY, "issued_document"):
        verbs = "DELETE" if table == "issued_document" else "UPDATE OR DELETE"
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    yield (
        "CREATE FUNCTION keep_issued() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_changed(operator='IS DISTINCT FROM')} THEN RAISE EXCEPTION 'an issued document is never changed'; "
        "END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE TRIGGER issued_document_fixed BEFORE UPDATE ON issued_document "
        "FOR EACH ROW EXECUTE FUNCTION keep_issued()"
    )
