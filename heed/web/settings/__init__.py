"""Settings: what waits for a person."""
