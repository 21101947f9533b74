"""The lists: My turn and its neighbours."""
