"""A run: every variant of every source made and hashed, into tables that a seed determines."""
