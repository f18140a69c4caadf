"""The cosine transform of several planes has the sums that one at a time is defined by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashwalk_formats.pdq_dct import coefficients_in_order, cosines


def summed(lines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosines of columns, term by term: cumulative sums have no other order."""
    terms = cosines()[:, :, None] * lines[:, None, :]
    return np.cumsum(terms, axis=0, dtype=np.float32)[-1]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), number=st.integers(1, 9), contrast=st.integers(0, 256))
def test_every_sum_is_in_the_reference_s_order(seed: int, number: int, contrast: int) -> None:
    random = np.random.default_rng(seed)
    planes = (128 + contrast * random.uniform(-1, 1, (number, 64, 64))).astype(np.float32)
    expected = [summed(summed(plane).T).T for plane in planes]
    np.testing.assert_array_equal(coefficients_in_order(planes), expected)


@pytest.mark.parametrize("frequency", [1, 7, 16])
def test_a_cosine_is_found_at_its_frequency(frequency: int) -> None:
    cosine = np.cos(np.pi / 64 * frequency * (np.arange(64) + 0.5))
    planes = np.outer(cosine, cosine).astype(np.float32)[None]
    (found,) = coefficients_in_order(planes)
    assert found[frequency - 1, frequency - 1] == pytest.approx(32, abs=1e-3)
    assert np.abs(found).sum() == pytest.approx(32, abs=1e-2)


def test_no_plane_has_no_coefficients() -> None:
    assert coefficients_in_order(np.empty((0, 64, 64), np.float32)).shape == (0, 16, 16)
