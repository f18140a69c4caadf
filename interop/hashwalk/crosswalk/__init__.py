"""The cross-walk: media x format, as a folder of Parquet parts that any tool can read."""

from hashwalk.crosswalk.writer import CrosswalkWriter

__all__ = ["CrosswalkWriter"]
