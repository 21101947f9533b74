"""Mailboxes: connecting one, changing it, and seeing how it is."""
