"""Verbs of views and bulk changes."""
