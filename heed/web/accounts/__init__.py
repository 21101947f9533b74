"""Logging in and out: allauth's views under our templates."""
