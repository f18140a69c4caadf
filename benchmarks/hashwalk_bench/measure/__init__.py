"""What a run says of each format alone: recall, collisions, curves, cost.

`hashwalk_bench.measure.measuring.measure_run` measures a whole run, and `read_measures` reads
what was measured; `model` has what they give.
"""
