"""All pairs of hashes of a format: their distances, and how many are how near."""
