"""Log-in: of whom the desk demands a second factor, and who has none yet."""
