"""The palette: one place to go anywhere, and to do anything with the conversation that is open."""
