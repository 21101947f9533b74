"""A saved reply as typed, on a real conversation that the agent reads."""

from collections.abc import Mapping, Sequence

from heed.answering import queries
from heed.answering.actions.saved_replies import TEXT_CHARACTERS
from heed.answering.variables import Piece, filled, unknown
from heed.conversations.models import Conversation
from heed.conversations.queries import opened
from heed.kernel.words import TeamId
from heed.ui.codes import variable_words
from heed.ui.contexts import Option
from heed.web.doors import Visit
from heed.web.saved_replies.contexts import PieceLine, PreviewContext, Sample
from heed.web.saved_replies.form import Typed


def preview_of(visit: Visit, typed: Typed, *, teams: Sequence[TeamId], on: int | None) -> PreviewContext:
    """Each language on the chosen conversation, else on the first that waits for an answer."""
    rows = queries.examples(visit.actor, teams)
    chosen = next((row for row in rows if row.pk == on), rows[0] if rows else None)
    values: Mapping[str, str] = {}
    if chosen is not None:
        values = queries.values_for(opened(visit.actor, chosen.pk), writer=visit.agent)
    return PreviewContext(
        samples=[
            Sample(language=code, pieces=_pieces(text[:TEXT_CHARACTERS], values), unknown=unknown(text))
            for code, text in typed.texts
            if text.strip()
        ],
        on=[_option(row, is_chosen=row is chosen) for row in rows],
        number=None if chosen is None else chosen.pk,
    )


def _option(row: Conversation, *, is_chosen: bool) -> Option:
    who = row.customer.name if row.customer else ""
    return Option(value=str(row.pk), label=" · ".join(filter(None, (who, row.subject))), is_chosen=is_chosen)


def _pieces(text: str, values: Mapping[str, str]) -> list[PieceLine]:
    return [_line(piece) for piece in filled(text, values)]


def _line(piece: Piece) -> PieceLine:
    if piece.is_gap:
        return PieceLine(kind="gap", text=variable_words(piece.variable))
    return PieceLine(kind="value" if piece.variable else "words", text=piece.text)
