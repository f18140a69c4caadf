"""What a run says of each format alone: recall, collisions, curves, cost."""
