"""Side conversations: begun beside a conversation, read and answered on a page of their own, listed for the team."""
