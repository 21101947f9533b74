"""One conversation beside its list."""
