"""The tool of the interface catalogues: `python -m tools.translations`."""
