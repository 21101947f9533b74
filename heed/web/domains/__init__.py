"""Sending domains: what they have to say in DNS so that our mail is believed."""
