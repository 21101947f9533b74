"""Settings of people and teams: who is of the desk, what they may do, and who is not there any more."""
