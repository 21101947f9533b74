"""Passing a message on to somebody outside, apart from the customer."""
