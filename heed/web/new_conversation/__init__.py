"""Starting a conversation."""
