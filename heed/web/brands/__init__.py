"""Settings of brands: who they are, when their people are there, and what they say by themselves."""
