"""Where somebody asks for no more automatic mail, without logging in."""
