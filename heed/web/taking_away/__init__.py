"""One conversation on paper, as data and as the mails it came in."""
