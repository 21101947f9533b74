"""Connecting a mailbox, and seeing that it stays connected."""
