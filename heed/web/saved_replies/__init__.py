"""Settings of saved replies: the list, one reply with its texts, files, preview and history."""
