"""The reader's own security: second factors, recovery codes, and where they are logged in."""
