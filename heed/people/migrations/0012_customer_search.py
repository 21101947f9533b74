"""Makes what search reads of customers: an FTS5 table on SQLite, a tsvector on PostgreSQL. Words come ready made.

Customers who are there already are learnt anew, by the due work that learns names.
"""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE people_search USING fts5(words, content='', contentless_delete=1, tokenize='ascii')
"""
POSTGRES = """
CREATE TABLE people_search (rowid bigint PRIMARY KEY, words text NOT NULL, document tsvector NOT NULL);
CREATE FUNCTION people_search_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.document := NEW.words::tsvector;
    NEW.words := '';
    RETURN NEW;
END $$;
CREATE TRIGGER people_search_document BEFORE INSERT OR UPDATE ON people_search
    FOR EACH ROW EXECUTE FUNCTION people_search_document();
CREATE INDEX people_search_words ON people_search USING gin (document);
"""


def make(apps, schema_editor):
    schema_editor.execute(POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE)
    apps.get_model("people", "NameMark").objects.all().delete()


def unmake(apps, schema_editor):
    schema_editor.execute("DROP TABLE people_search")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION people_search_document()")


class Migration(migrations.Migration):
    dependencies = [("people", "0011_add_profiles_and_notes")]
    operations = [migrations.RunPython(make, unmake)]
