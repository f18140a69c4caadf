"""The report of a run: one page, readable offline, and the same tables as text."""

from hashwalk_bench.report.writing import ALSO, write_report

__all__ = ["ALSO", "write_report"]
