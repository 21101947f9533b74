"""The page on which conversations are merged, split and linked, and each of it is undone."""
