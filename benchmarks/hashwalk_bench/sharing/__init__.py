"""Runs of several members, pooled from counts alone: no media, no hash, no path is exchanged."""
