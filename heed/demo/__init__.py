"""The demo company: two brands, their people, and three weeks of conversations that are told once."""
