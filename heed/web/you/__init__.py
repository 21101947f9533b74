"""The reader's own page: who they are to the desk, their time zone, their password."""
