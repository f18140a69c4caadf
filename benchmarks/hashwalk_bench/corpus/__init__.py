"""The sources of a benchmark: what they are, which are near-duplicates, and generated ones."""
