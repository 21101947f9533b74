"""Settings: roles that a desk makes from named permissions."""
