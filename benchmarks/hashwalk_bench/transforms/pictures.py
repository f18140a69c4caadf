"""All picture transforms: a module of them is registered here."""

from __future__ import annotations

from hashwalk_bench.transforms import (
    bordering,
    chains,
    coding,
    colours,
    combining,
    cropping,
    filtering,
    overlaying,
    scaling,
    turning,
)

PICTURES = (
    *coding.TRANSFORMS,
    *scaling.TRANSFORMS,
    *cropping.TRANSFORMS,
    *bordering.TRANSFORMS,
    *turning.TRANSFORMS,
    *colours.TRANSFORMS,
    *filtering.TRANSFORMS,
    *overlaying.TRANSFORMS,
    *combining.TRANSFORMS,
    *chains.TRANSFORMS,
)
"""Every transform of a picture; those with an ``edit`` can be done to frames too."""
