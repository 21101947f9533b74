import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ViewName",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("field", models.CharField(max_length=20)),
                ("row", models.BigIntegerField()),
                ("value", models.CharField(max_length=1000)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="bulkchange",
            name="bulk_kind_known",
        ),
        migrations.AlterField(
            model_name="bulkchange",
            name="value",
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.AddConstraint(
            model_name="bulkchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "assign",
                            "team",
                            "status",
                            "snooze",
                            "priority",
                            "tag",
                            "untag",
                            "topic",
                            "field",
                            "merge",
                            "spam",
                            "trash",
                        ],
                    )
                ),
                name="bulk_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="viewname",
            name="view",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="names", to="lists.view"
            ),
        ),
        migrations.AddIndex(
            model_name="viewname",
            index=models.Index(fields=["field", "row"], name="view_naming_row"),
        ),
        migrations.AddConstraint(
            model_name="viewname",
            constraint=models.UniqueConstraint(
                fields=("view", "field", "row", "value"), name="view_names_once"
            ),
        ),
    ]
