"""Verbs of answering."""
