"""Makes the search document anew, empty: its words come ready made, its key begins with its time."""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE conversations_search USING fts5(
    subject, names, text, content='', contentless_delete=1, tokenize='ascii'
)
"""

# The words are kept as a tsvector only; the texts stay in their messages.
POSTGRES = """
CREATE TABLE conversations_search (
    rowid bigint PRIMARY KEY, subject text NOT NULL, names text NOT NULL, text text NOT NULL,
    document tsvector NOT NULL
);
CREATE FUNCTION conversations_search_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.document := (NEW.subject || ' ' || NEW.names || ' ' || NEW.text)::tsvector;
    NEW.subject := ''; NEW.names := ''; NEW.text := '';
    RETURN NEW;
END $$;
CREATE TRIGGER conversations_search_document BEFORE INSERT OR UPDATE ON conversations_search
    FOR EACH ROW EXECUTE FUNCTION conversations_search_document();
CREATE INDEX conversations_search_words ON conversations_search USING gin (document);
"""

OLD_SQLITE = """
CREATE VIRTUAL TABLE conversations_search USING fts5(
    subject, names, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
)
"""
OLD_POSTGRES = """
CREATE TABLE conversations_search (
    rowid bigint PRIMARY KEY, subject text NOT NULL, names text NOT NULL, text text NOT NULL, document tsvector NOT NULL
);
CREATE FUNCTION conversations_search_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.document := setweight(to_tsvector('simple', NEW.subject), 'A') || setweight(to_tsvector('simple', NEW.names), 'B')
        || to_tsvector('simple', left(NEW.text, 200000));
    NEW.subject := ''; NEW.names := ''; NEW.text := '';
    RETURN NEW;
END $$;
CREATE TRIGGER conversations_search_document BEFORE INSERT ON conversations_search
    FOR EACH ROW EXECUTE FUNCTION conversations_search_document();
CREATE INDEX conversations_search_words ON conversations_search USING gin (document);
"""


def drop(schema_editor):
    schema_editor.execute("DROP TABLE conversations_search")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION conversations_search_document()")


def make(apps, schema_editor):
    drop(schema_editor)
    schema_editor.execute(POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE)


def unmake(apps, schema_editor):
    drop(schema_editor)
    schema_editor.execute(OLD_POSTGRES if schema_editor.connection.vendor == "postgresql" else OLD_SQLITE)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0010_add_asides")]
    operations = [migrations.RunPython(make, unmake)]
