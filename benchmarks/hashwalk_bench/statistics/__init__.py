"""Rates with honest intervals: of independent trials, of sources, and of pairs that share nodes.

Pure functions of arrays; nothing here knows of formats or runs.
"""
