"""To whom alone a conversation is shown."""
