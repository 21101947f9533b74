"""Search: one field, and what it finds."""
