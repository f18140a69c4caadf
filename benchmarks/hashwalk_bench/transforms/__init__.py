"""The edits that a benchmark makes of pictures and videos, each by name and parameters."""
