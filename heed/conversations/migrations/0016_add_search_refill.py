"""Adds the work of making search documents anew, and begins it on a desk that has messages: 0011 emptied its index."""

from django.db import migrations, models
from django.utils import timezone


def begin(apps, schema_editor):
    if apps.get_model("conversations", "Message").objects.exists():
        apps.get_model("conversations", "SearchRefill").objects.create(due_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("conversations", "0015_add_purge")]
    operations = [
        migrations.CreateModel(
            name="SearchRefill",
            fields=[
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("looked_at", models.BigIntegerField(default=0)),
                ("last", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="searchrefill",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="search_refill_due"
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
