"""What reading one mail may cost, as this installation set it."""

from heed.channels.email.limits import DEFAULT_LIMITS, Limits
from heed.kernel.config import config

LIMITS = Limits(
    message_bytes=max(DEFAULT_LIMITS.message_bytes, config.mail_max_bytes),  # what is accepted can be read
    header_block_bytes=config.mail_header_bytes,
    parts=config.mail_parts,
    depth=config.mail_depth,
    html_bytes=config.mail_html_bytes,
    html_open_tags=config.mail_html_nesting,
    text_chars=config.mail_text_characters,
)
