"""Round trips: a test mail of an inbox to itself, and how far it has got."""
