"""Django's PostgreSQL, with two short ways: see `base`, which is where Django looks for an engine."""
