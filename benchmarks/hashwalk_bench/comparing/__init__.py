"""Two runs against each other: which rates changed, by how much, and how sure that is.

`hashwalk_bench.comparing.runs.compare_runs` compares them; `model` has what it gives.
"""
