"""The agents' workspace: one folder per page."""
