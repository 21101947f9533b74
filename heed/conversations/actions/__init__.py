"""The verbs of conversations: each one transaction, each recording what it changed."""
