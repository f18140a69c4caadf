"""All pairs of hashes of a format: their distances, and how many are how near.

`read_trials` compares a whole run by one format; `read_compared(…).collisions(threshold)` names the
unrelated pairs that collide.
"""
