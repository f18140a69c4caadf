"""Indexes of hashes: equal, nearest and within a radius, per format, exactly."""

from hashwalk.index.frames import FrameMatch, TimeRange
from hashwalk.index.index import Found, Index

__all__ = ["Found", "FrameMatch", "Index", "TimeRange"]
