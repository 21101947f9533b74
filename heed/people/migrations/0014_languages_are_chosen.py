"""Nobody could choose a language so far: every agent's en becomes no choice, so that their browser is asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_roles_circles_and_shifts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agent",
            name="language",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.RunSQL(
            "UPDATE people_agent SET language = '' WHERE language = 'en'",
            "UPDATE people_agent SET language = 'en' WHERE language = ''",
        ),
    ]
