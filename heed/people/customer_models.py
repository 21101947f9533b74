"""What agents write down about customers: companies and notes; and what search reads of a customer."""

from django.db import models


class Company(models.Model):
    """Customers who belong together, by the name that agents gave it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=240, unique=True)  # its words, folded: two spellings are one company

    def __str__(self) -> str:
        return f"company {self.pk}"


class CustomerNote(models.Model):
    """What an agent wrote down about a customer, for those of one brand who know them. Erased: the row is gone."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="notes")
    brand = models.ForeignKey("brands.Brand", on_delete=models.PROTECT)
    author = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="customer_notes")
    text = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="note_by_customer", fields=["customer", "-id"])]

    def __str__(self) -> str:
        return f"customer note {self.pk}"


class CustomerDocument(models.Model):
    """What search reads of a customer: an FTS5 table on SQLite, a tsvector on PostgreSQL; see documents.py."""

    id = models.BigIntegerField(primary_key=True, db_column="rowid")  # the customer's key
    words = models.TextField()

    class Meta:
        managed = False
        db_table = "people_search"

    def __str__(self) -> str:
        return f"customer document {self.pk}"
