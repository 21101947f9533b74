"""One customer: addresses, conversations, and who is who."""
