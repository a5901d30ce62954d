"""The triggers that let the log only grow, in the words of each database."""

from typing import Final

SQLITE: Final = """
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END

CREATE TRIGGER audit_appends_only BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
"""The last because INSERT OR REPLACE deletes without firing the trigger before it."""

POSTGRES: Final = """
CREATE TABLE changed_rows (name text NOT NULL, key text NOT NULL, PRIMARY KEY (name, key))

CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$

CREATE FUNCTION audit_appends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit) THEN
    RAISE EXCEPTION 'the audit log is append-only';
  END IF;
  RETURN NEW;
END $$

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_refuses()

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_refuses()

CREATE TRIGGER audit_refuses_truncate BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()

CREATE TRIGGER audit_appends_only BEFORE INSERT ON audit
FOR EACH ROW EXECUTE FUNCTION audit_appends()
"""

SQLITE_SEALED: Final = """
DROP TRIGGER audit_refuses_delete

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
WHEN OLD.seq >= (SELECT coalesce(max("end"), 0) FROM sealed_segments)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""

POSTGRES_SEALED: Final = """
DROP TRIGGER audit_refuses_delete ON audit

CREATE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.seq >= (SELECT coalesce(max("end"), 0) FROM sealed_segments) THEN
    RAISE EXCEPTION 'the audit log is append-only';
  END IF;
  RETURN OLD;
END $$

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_keeps()

CREATE FUNCTION delete_sealed_lines() RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public AS $$
  DELETE FROM audit WHERE seq < (SELECT coalesce(max("end"), 0) FROM sealed_segments)
$$

REVOKE ALL ON FUNCTION delete_sealed_lines() FROM PUBLIC
"""
"""The application's account deletes no line but through this function, and it only sealed ones."""

SQLITE_LINKED: Final = """
DROP TRIGGER audit_refuses_update

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
WHEN OLD.link IS NOT NULL OR NEW.link IS NULL
OR (NEW.seq, NEW.at, NEW.actor, NEW.event, NEW.line, NEW.leaf_hash)
IS NOT (OLD.seq, OLD.at, OLD.actor, OLD.event, OLD.line, OLD.leaf_hash)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
"""A line may be given its link, once: those that an older program wrote had none."""

POSTGRES_LINKED: Final = """
DROP TRIGGER audit_refuses_update ON audit

CREATE FUNCTION audit_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.link IS NOT NULL OR NEW.link IS NULL
  OR (NEW.seq, NEW.at, NEW.actor, NEW.event, NEW.line, NEW.leaf_hash)
  IS DISTINCT FROM (OLD.seq, OLD.at, OLD.actor, OLD.event, OLD.line, OLD.leaf_hash) THEN
    RAISE EXCEPTION 'the audit log is append-only';
  END IF;
  RETURN NEW;
END $$

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_links()
"""


def execute(sqlite: str, postgres: str) -> None:
    """Run the statements of the database at hand; an empty line stands between them."""
    from alembic import op  # slow to import, and every act reads the words above

    script = {"sqlite": sqlite, "postgresql": postgres}[op.get_bind().dialect.name]
    for statement in script.strip().split("\n\n"):
        op.execute(statement)
