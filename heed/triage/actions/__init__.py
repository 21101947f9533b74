"""The verbs of triage: each one transaction, each recording what it changed."""
