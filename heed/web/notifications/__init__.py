"""What the reader was told, and what they have read of it."""
