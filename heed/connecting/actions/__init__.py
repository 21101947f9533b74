"""Verbs of connecting."""
