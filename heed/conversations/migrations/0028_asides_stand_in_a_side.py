from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0027_fill_side_conversations")]

    operations = [
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("direction__in", ["aside", "aside_in", "aside_out"]), ("side__isnull", False)),
                    models.Q(
                        ("side__isnull", True),
                        models.Q(("direction__in", ["aside", "aside_in", "aside_out"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="asides_stand_in_a_side",
            ),
        ),
    ]
