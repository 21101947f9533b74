"""Filters that word what became of settings."""

from django import template

from heed.ui import setting_words as words

register = template.Library()


@register.filter
def setting_name(code: str) -> str:
    """What of the settings: Signing key."""
    return str(words.SETTINGS.get(code, code))


@register.filter
def deed_name(code: str) -> str:
    """What became of it: added."""
    return str(words.DEEDS.get(code, code))


@register.filter
def brand_part(code: str) -> str:
    """A part of a brand's settings: Opening hours."""
    return str(words.BRAND_PARTS.get(code, code))


@register.filter
def agent_change(code: str) -> str:
    """What became of somebody: Another role."""
    return str(words.AGENT_CHANGES.get(code, code))


@register.filter
def reply_part(code: str) -> str:
    """What became of a saved reply."""
    return str(words.REPLY_PARTS.get(code, code))
