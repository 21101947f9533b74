"""Adds what removing a conversation for good needs: the work, what is remembered of its mails, and its timer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("brands", "0003_add_sending"),
        ("conversations", "0014_add_trash"),
    ]
    operations = [
        migrations.CreateModel(
            name="Purge",
            fields=[
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="conversations.conversation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PurgedMail",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=64)),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="brands.brand"
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="timer",
            name="timer_kind_known",
        ),
        migrations.AddConstraint(
            model_name="timer",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["wake", "close", "purge"])), name="timer_kind_known"
            ),
        ),
        migrations.AddIndex(
            model_name="purge",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="purge_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="purgedmail",
            constraint=models.UniqueConstraint(fields=("brand", "key"), name="purged_once_a_brand"),
        ),
    ]
