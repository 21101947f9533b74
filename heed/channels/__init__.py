"""Translation to and from the outside: pure, importable without settings."""
