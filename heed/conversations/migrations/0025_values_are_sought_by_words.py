from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0024_tags_are_merged"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="fieldvalue",
            name="noted_by_value",
        ),
    ]
