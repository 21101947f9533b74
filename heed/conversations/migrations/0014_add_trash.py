"""Adds when a conversation was put into the trash; the lists' indexes leave those out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0013_add_tag_archived")]
    operations = [
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_my_turn",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_unassigned",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_by_status",
        ),
        migrations.RemoveIndex(
            model_name="conversation",
            name="conversation_all_open",
        ),
        migrations.AddField(
            model_name="conversation",
            name="trashed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(
                    ("status", "open"),
                    ("merged_into__isnull", True),
                    ("quarantined_at__isnull", True),
                    ("trashed_at__isnull", True),
                ),
                fields=["assignee", "next_due_at", "id"],
                name="conversation_my_turn",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(
                    ("status", "open"),
                    ("merged_into__isnull", True),
                    ("quarantined_at__isnull", True),
                    ("trashed_at__isnull", True),
                    ("assignee__isnull", True),
                ),
                fields=["team", "next_due_at", "id"],
                name="conversation_unassigned",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    ("quarantined_at__isnull", True),
                    ("trashed_at__isnull", True),
                ),
                fields=["team", "status", "-last_message_at", "-id"],
                name="conversation_by_status",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(
                    models.Q(("status__in", ["solved", "closed"]), _negated=True),
                    ("merged_into__isnull", True),
                    ("quarantined_at__isnull", True),
                    ("trashed_at__isnull", True),
                ),
                fields=["team", "next_due_at", "id"],
                name="conversation_all_open",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("trashed_at__isnull", False)),
                fields=["-trashed_at", "-id"],
                name="conversation_trash",
            ),
        ),
    ]
