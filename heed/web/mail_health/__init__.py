"""Mail health: whether mail comes in and goes out, inbox by inbox, and what to do where it does not."""
