"""What the database itself refuses, whoever asks: changing or deleting history, changing what was issued.

SQLite loses a table's triggers when a later revision rebuilds the table in a batch: that revision makes them again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows stay: all of a row, or its fixed columns for good and others from when they are recorded."""

    table: str
    sentence: str
    fixed: tuple[str, ...] = ()
    once: tuple[str, ...] = ()


HISTORY = (
    Kept("dossier_event", "an event is never changed or deleted; a correction is another event"),
    Kept("answer_revision", "a revision of an answer is never changed or deleted; a correction is another revision"),
)
DOCUMENT_FIXED = ("id", "event_id", "dossier_id", "unit_id", "kind", "year", "number", "symbol", "signed_on", "context")
DOCUMENTS = (
    Kept(
        "issued_document",
        "an issued document is never changed or deleted; its bytes are recorded once",
        (*DOCUMENT_FIXED, "template_version"),
        ("sha256", "rendered_at"),
    ),
)
PAPER_FIXED = tuple(name for name in DOCUMENT_FIXED if name != "dossier_id")
PAPERS = (
    Kept(
        "paper",
        "a paper is never changed or deleted; its bytes are recorded once",
        (*PAPER_FIXED, "edition", "code", "template_version", "person_id", "at"),
        ("sha256", "pages", "rendered_at"),
    ),
)
PAPER_DOSSIERS = (Kept("paper_dossier", "which dossiers a paper is about is never changed or deleted"),)
ADMINISTRATION = (
    Kept("admin_event", "an administrative act is never changed or deleted; a correction is another act"),
)
RECORD = (
    Kept(
        "anchor",
        "an anchor is never changed or deleted; its signature is added once",
        ("number", "day", "at", "content", "hash"),
        ("signature", "key_id"),
    ),
    Kept("viewing", "that somebody looked is never changed or deleted"),
)
KEYS = (
    Kept(
        "publication_key",
        "a published key is never changed or deleted; its end is recorded once",
        ("key_id", "public_key", "made_at"),
        ("ended_at",),
    ),
)
TITLE_ENDS = (Kept("title_end", "the end of a title is never changed or deleted"),)
SEALS = (Kept("paper_seal", "what is printed on a paper is never changed or deleted"), *TITLE_ENDS)
OUTGOING = (
    Kept("edited_paper", "an edited text is never changed or deleted; another one is put beside it"),
    Kept("outgoing_entry", "an entry of the outgoing register is never changed or deleted"),
)
RELATIONS = (Kept("paper_relation", "what a paper says of an earlier one is never changed or deleted"),)
COPIES = (Kept("copy_made", "who made a copy is never changed or deleted"),)
UNSIGNED_VIEWS = (Kept("unsigned_view", "what was shown of a paper before it was signed is never changed or deleted"),)
SIGNATURES = (
    Kept(
        "paper_signature",
        "a signature is never taken off a paper; its file is recorded once",
        ("id", "paper_id", "part"),
        ("file_sha256", "way", "person_id", "asked_at", "signed_at", "stamped", "subject", "issuer", "serial"),
    ),
)
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END
$$
"""


COPIED = """
SELECT 1 FROM paper AS copy JOIN paper AS other ON other.id = NEW.other_id
WHERE copy.id = NEW.paper_id AND other.number IS NOT NULL AND (
    (copy.kind = 'copy_of_copy' AND other.kind = 'true_copy')
    OR (copy.kind IN ('true_copy', 'extract') AND other.kind NOT IN ('true_copy', 'copy_of_copy', 'extract'))
)
"""
WRONG_COPY = "a true copy or an extract is of an original, and a copy of a copy is of a true copy"
REFUSE_WRONG_COPY = f"""
CREATE FUNCTION refuse_wrong_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.relation = 'copies' AND NOT EXISTS ({COPIED}) THEN
        RAISE EXCEPTION '{WRONG_COPY}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
"""


def create_rule_of_copies(connection: Connection) -> None:
    """Refuse a copy of what may not be copied so (Decree 30/2020, Article 25)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(REFUSE_WRONG_COPY)
        of_each = "BEFORE INSERT ON paper_relation FOR EACH ROW EXECUTE FUNCTION refuse_wrong_copy()"
        connection.exec_driver_sql(f"CREATE TRIGGER paper_relation_copies {of_each}")
        return
    when = f"NEW.relation = 'copies' AND NOT EXISTS ({COPIED})"
    refused = f"BEGIN SELECT RAISE(ABORT, '{WRONG_COPY}'); END"
    connection.exec_driver_sql(
        f"CREATE TRIGGER paper_relation_copies BEFORE INSERT ON paper_relation WHEN {when} {refused}"
    )


def drop_rule_of_copies(connection: Connection) -> None:
    """Take that away again."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION refuse_wrong_copy() CASCADE")
    else:
        connection.exec_driver_sql("DROP TRIGGER paper_relation_copies")


def create_refusal(connection: Connection) -> None:
    """Make what the triggers call; SQLite needs nothing."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(REFUSE_CHANGE)


def create_triggers(connection: Connection, kept: Iterable[Kept]) -> None:
    """Put the triggers of these tables in place."""
    make = _postgresql if connection.dialect.name == "postgresql" else _sqlite
    for one in kept:
        for statement in make(one):
            connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Take them all away again; on SQLite they go with their tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION refuse_change() CASCADE")


def drop_functions(connection: Connection) -> None:
    """Take away what triggers call, of whatever revision, once no table has triggers any more."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change(), refuse_wrong_copy()")


def drop_triggers_of(connection: Connection, kept: Iterable[Kept]) -> None:
    """Take the triggers of these tables away, where a column of theirs goes."""
    postgresql = connection.dialect.name == "postgresql"
    for one in kept:
        for what in ("update", "delete", "truncate") if postgresql else ("update", "delete"):
            connection.exec_driver_sql(
                f"DROP TRIGGER {one.table}_no_{what}" + (f" ON {one.table}" if postgresql else "")
            )


def _changed(kept: Kept, differs: str) -> str:
    """The condition that an update touches what is fixed, or what is recorded already; empty where anything is."""
    if not kept.fixed:
        return ""
    fixed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in kept.fixed)
    once = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in kept.once)
    return f"WHEN ({fixed} OR (OLD.{kept.once[0]} IS NOT NULL AND ({once}))) "


def _sqlite(kept: Kept) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{kept.sentence}'); END"
    yield f"CREATE TRIGGER {kept.table}_no_update BEFORE UPDATE ON {kept.table} {_changed(kept, 'IS NOT')}{refuse}"
    yield f"CREATE TRIGGER {kept.table}_no_delete BEFORE DELETE ON {kept.table} {refuse}"


def _postgresql(kept: Kept) -> Iterator[str]:
    table, refuse = kept.table, f"EXECUTE FUNCTION refuse_change('{kept.sentence}')"
    changed = _changed(kept, "IS DISTINCT FROM")
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {changed}{refuse}"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
    yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
