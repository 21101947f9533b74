"""The lint of this house: rules that no general linter knows. `python -m tools.lint` runs them all."""
