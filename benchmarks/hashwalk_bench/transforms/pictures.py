"""All picture transforms."""

from __future__ import annotations

from hashwalk_bench.transforms import coding, cropping

PICTURES = (
    *coding.TRANSFORMS,
    *cropping.TRANSFORMS,
)
"""Every transform of a picture; those with an ``edit`` can be done to frames too."""
