"""The cross-walk: media x format, as a folder of Parquet parts that any tool can read."""

from hashwalk.crosswalk.compact import compact_crosswalk
from hashwalk.crosswalk.coverage import Coverage, FailureCount, FormatCoverage
from hashwalk.crosswalk.manifest import FormatEntry, Manifest, Member
from hashwalk.crosswalk.merge import Merged, merge_crosswalks
from hashwalk.crosswalk.reader import Crosswalk
from hashwalk.crosswalk.verify import Verification
from hashwalk.crosswalk.writer import CrosswalkWriter

__all__ = [
    "Coverage",
    "Crosswalk",
    "CrosswalkWriter",
    "FailureCount",
    "FormatCoverage",
    "FormatEntry",
    "Manifest",
    "Member",
    "Merged",
    "Verification",
    "compact_crosswalk",
    "merge_crosswalks",
]
