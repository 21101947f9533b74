from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0022_purged_mail_keeps_its_circle"),
    ]

    operations = [
        migrations.AddField(
            model_name="fieldvalue",
            name="number",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="sought",
            field=models.CharField(default="", max_length=500),
        ),
        migrations.AddIndex(
            model_name="fieldvalue",
            index=models.Index(fields=["field", "sought"], name="noted_by_words"),
        ),
        migrations.AddIndex(
            model_name="fieldvalue",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=["field", "number"],
                name="noted_by_number",
            ),
        ),
    ]
