"""Mail that the demo caught instead of sending."""
