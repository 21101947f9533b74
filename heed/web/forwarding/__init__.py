"""Passing a message on to somebody outside, and answering what they say, apart from the customer."""
