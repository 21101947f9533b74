"""Spam, blocked senders, mail storms and the standing of addresses."""
