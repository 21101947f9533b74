"""Who sent a mail: what trusted servers say (RFC 8601, RFC 8617), what we check ourselves, and what it comes to."""
