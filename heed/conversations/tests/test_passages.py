"""What was looked for is marked the same, whichever way a text is looked through."""

from hypothesis import given
from hypothesis import strategies as st

from heed.conversations.passages import Sought, marked_within, places

WORDS = st.lists(
    st.sampled_from(["in", "invoice", "Invoices", "no", "4711", "120471", "re-", "paid", "_", "e.mail@x"]),
    max_size=12,
)
ASKED = st.lists(
    st.builds(
        Sought.of,
        st.sampled_from(["invoice", "inv", "4711", "471", "mail", "x", "no invoice"]),
        goes_on=st.booleans(),
    ),
    min_size=1,
    max_size=3,
)
BEFORE = "é "  # a text that is not plain ASCII is looked through word by word


@given(WORDS, st.sampled_from([" ", ", ", "/", ""]), ASKED)
def test_a_plain_text_is_marked_as_one_that_is_not(
    words: list[str], between: str, asked: list[Sought]
) -> None:
    text = between.join(words)

    slowly = [(start - len(BEFORE), end - len(BEFORE)) for start, end in places(BEFORE + text, asked)]
    assert places(text, asked) == slowly
    plain = [(one.text, one.is_marked) for one in marked_within(BEFORE + text, asked)]
    assert "".join(text for text, _ in plain) == BEFORE + text
    quick = [(one.text, one.is_marked) for one in marked_within(text, asked)]
    assert [one for one in quick if one[1]] == [one for one in plain if one[1]]
