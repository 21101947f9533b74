"""The first hour: five steps of a new desk, each taken in place, left out or come back to."""
