"""Settings of what leaves: how an agent signs off and how long an answer waits; how inboxes send and sign."""
