"""The trash: what was deleted, and the ways out of it."""
