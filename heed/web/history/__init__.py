"""History: who changed which setting, and when."""
