from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("brands", "0004_add_topics"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="acknowledgement",
            name="one_acknowledgement_a_language",
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="hours",
            field=models.CharField(default="any", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(
                fields=("brand", "language", "hours"), name="one_acknowledgement_a_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__in", ["any", "closed"])), name="acknowledgement_hours_known"
            ),
        ),
    ]
