"""What a mail may cost: every limit of the reading side, named in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for reading one mail. Sizes are bytes, lengths are characters, the rest are counts.

    Over a limit marked *refused*, ``parse`` raises ``Unreadable``; over one marked *cut*, it keeps what fits
    and says so in ``ParsedMail.defects``.
    """

    message_bytes: int = 50 * 1024 * 1024
    """Refused: the whole mail, as received."""

    header_block_bytes: int = 64 * 1024
    """Cut: headers beyond this are dropped but for the few every mail needs; one value gets half."""

    header_block_refused_bytes: int = 1024 * 1024
    """Refused: headers that are no headers any more."""

    parts: int = 200
    """Refused: MIME parts, containers included."""

    depth: int = 20
    """Refused: containers inside containers. Messages inside the mail are kept closed and count once."""

    html_bytes: int = 1024 * 1024
    """Cut: a larger HTML body is shown as plain text and kept as an attachment."""

    html_open_tags: int = 512
    """Cut: HTML with more elements open at once is shown as plain text and kept as an attachment."""

    text_chars: int = 2 * 1024 * 1024
    """Cut: a longer text body is shown up to here and kept whole as an attachment."""

    cutter_line_chars: int = 400
    """How much of a line the reply cutter looks at; the line itself is kept whole."""

    cutter_lines: int = 20_000
    """The reply cutter leaves what follows this many lines where it is."""

    recipients_per_header: int = 1_000
    """Cut: addresses read from one To, Cc, Bcc or Reply-To."""

    references: int = 500
    """Cut: ids read from References and In-Reply-To; the newest are kept."""

    message_id_chars: int = 500
    """Cut: a longer Message-ID is no id; such a mail counts as having none."""

    subject_chars: int = 1_000
    """Cut: a longer subject loses its end."""

    name_chars: int = 200
    """Cut: the display name of an address."""

    address_chars: int = 320
    """Cut: a longer address is none (64 + 1 + 255, RFC 3696 errata)."""

    filename_chars: int = 150
    """Cut: a longer file name loses its middle, never its extension."""

    parameter_bytes: int = 8 * 1024
    """How much of a Content-Type or Content-Disposition is read."""

    report_bytes: int = 256 * 1024
    """How much of a delivery report is searched for addresses and reasons."""

    bounces: int = 100
    """Cut: failed recipients read from one delivery report."""

    calendar_bytes: int = 128 * 1024
    """A larger calendar file stays closed: it is kept as it came."""

    tnef_bytes: int = 20 * 1024 * 1024
    """A larger winmail.dat stays closed: it is kept as it came."""


DEFAULT_LIMITS = Limits()
