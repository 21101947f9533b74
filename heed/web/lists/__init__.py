"""Views that people make, and what is done to many conversations at once."""
