"""The content model: the same decisions give the same model, in any order, and it never grows."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.triage.model import BUCKETS, Model, WrongModel
from heed.triage.words import WORDS, words_of

SPAM = "Win cheap watches now, click this offer, guaranteed casino bonus and cheap pills without prescription"
GOOD = "My order has not arrived, the bicycle chain slips, please tell me when the mechanic has time for a repair"
words = st.frozensets(st.integers(0, BUCKETS - 1), min_size=1, max_size=30)


def text_of(random: Random, source: str, common: str) -> str:
    return " ".join([*random.sample(source.split(), 8), *random.sample(common.split(), 4)])


def mail(text: str, *, subject: str = "Hello", domain: str = "example.org") -> frozenset[int]:
    return words_of(subject=subject, text=text, html="", domain=domain, signs=())


def taught(number: int = 60) -> Model:
    random, model = Random("spam"), Model()
    common = "please your account today the with and for tell have been about write"
    for _ in range(number):
        model.learn(mail(text_of(random, SPAM, common)), is_spam=True)
        model.learn(mail(text_of(random, GOOD, common)), is_spam=False)
    return model


def test_what_was_never_learnt_says_nothing() -> None:
    assert Model().weigh(mail(SPAM)) == 0.5
    assert (
        taught().weigh(mail("quite different vocabulary altogether", domain="other.test", subject="x")) < 0.7
    )


def test_it_tells_what_agents_took_for_spam_from_what_they_answered() -> None:
    model = taught()
    assert model.weigh(mail(SPAM)) > 0.99
    assert model.weigh(mail(GOOD)) < 0.01


@given(st.lists(st.tuples(words, st.booleans()), max_size=8), st.randoms())
def test_the_order_of_decisions_is_of_no_account_and_what_is_taken_back_never_was(
    decisions: list[tuple[frozenset[int], bool]], random: Random
) -> None:
    one, other = Model(), Model()
    for learnt, is_spam in decisions:
        one.learn(learnt, is_spam=is_spam)
    shuffled = decisions.copy()
    random.shuffle(shuffled)
    extra = frozenset({1, 2, 3})
    other.learn(extra, is_spam=True)
    for learnt, is_spam in shuffled:
        other.learn(learnt, is_spam=is_spam)
    other.learn(extra, is_spam=True, times=-1)
    assert one == other


@given(words)
def test_it_is_the_same_after_it_was_kept(learnt: frozenset[int]) -> None:
    model = taught(3)
    model.learn(learnt, is_spam=True)
    again = Model.from_bytes(model.to_bytes())
    assert again == model
    assert 0.0 <= again.weigh(learnt) <= 1.0


def test_it_stays_small_however_much_it_learns() -> None:
    random, model = Random(1), Model()
    for _ in range(2_000):
        model.learn({random.randrange(BUCKETS) for _ in range(100)}, is_spam=bool(random.getrandbits(1)))
    assert len(model.to_bytes()) < 8 * BUCKETS
    assert len(model.spam) == len(model.good) == BUCKETS


@pytest.mark.parametrize("content", [b"", b"x", b"\x80\x04pickle", taught(1).to_bytes()[:-20]])
def test_bytes_that_hold_no_model_are_refused(content: bytes) -> None:
    with pytest.raises(WrongModel):
        Model.from_bytes(content)


@given(st.text(), st.text(max_size=3_000), st.text(max_size=500), st.text(max_size=30))
def test_every_mail_has_few_words(subject: str, text: str, html: str, domain: str) -> None:
    found = words_of(subject=subject, text=text, html=html, domain=domain, signs=("bulk",))
    assert len(found) <= WORDS + 400
    assert all(0 <= word < BUCKETS for word in found)
