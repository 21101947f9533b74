"""What browsers say of their readers: a conversation is open, somebody writes in it, somebody has left."""
