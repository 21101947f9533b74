"""What verbs do about customers so that search finds them: documents, and how names are written."""

from collections.abc import Iterable, Sequence

from heed.eventlog.unit import add, change, remove
from heed.language.tokens import words
from heed.people.documents import document_of
from heed.people.models import Company, Customer, CustomerDocument, Identity, NameKey, NameMark
from heed.people.spelling import keys_of, may_be_misspelt


def write_documents(customers: Sequence[Customer]) -> None:
    """Inside a verb: write what search reads of these customers anew; three queries."""
    numbers = [customer.pk for customer in customers]
    known = set(CustomerDocument.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    addresses: dict[int, list[str]] = {}
    for number, value in Identity.objects.filter(customer_id__in=numbers).values_list("customer_id", "value"):
        addresses.setdefault(number, []).append(value)
    companies = dict(_companies({customer.company_id for customer in customers}))
    for customer in customers:
        company = companies.get(customer.company_id or 0, "")
        document = document_of(customer, company=company, addresses=addresses.get(customer.pk, ()))
        if customer.merged_into_id is not None:
            if customer.pk in known:
                remove(document)
        elif customer.pk in known:
            change(document, words=document.words)
        else:
            add(document)


def _companies(numbers: Iterable[int | None]) -> Iterable[tuple[int, str]]:
    wanted = {number for number in numbers if number is not None}
    return Company.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()


def learn_words(customers: Iterable[Customer]) -> None:
    """Inside a verb: how these customers' names are written is known, each word once; one query."""
    told = {word for customer in customers for word in words(customer.name) if may_be_misspelt(word)}
    told -= set(NameKey.objects.filter(key__in=told, word__in=told).values_list("word", flat=True))
    for word in sorted(told):
        for key in sorted(keys_of(word)):
            add(NameKey(key=key, word=word))


def learn_again(customers: Iterable[Customer]) -> None:
    """Inside a verb: what changed of customers is learnt; those whose turn has not come are learnt then."""
    mark = NameMark.objects.values_list("customer", flat=True).first() or 0
    learnt = [customer for customer in customers if customer.pk <= mark]
    if learnt:
        write_documents(learnt)
        learn_words(learnt)
