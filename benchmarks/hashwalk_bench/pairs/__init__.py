"""Distances of many pairs of hashes of one format, by blocks, and their counts."""
