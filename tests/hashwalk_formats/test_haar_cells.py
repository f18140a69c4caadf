"""Cells of a grid have the sums of their pixels, and pywt's low-pass coefficients to the bit."""

from __future__ import annotations

import numpy as np
import pytest
import pywt

from hashwalk_formats.haar_cells import cell_averages, cell_sums, low_pass, low_pass_of_flat


@pytest.mark.parametrize("side", [8, 16, 64, 256])
def test_cells_of_a_plane(side: int) -> None:
    pixels = np.random.default_rng(side).integers(0, 256, (side, side), dtype=np.uint8)
    pixels[: side // 4] = 0
    cell = side // 8
    sums = pixels.reshape(8, cell, 8, cell).sum(axis=(1, 3), dtype=np.int64)
    np.testing.assert_array_equal(cell_sums(pixels), sums)
    expected = pywt.wavedec2(pixels / 255.0, "haar", level=cell.bit_length() - 1)[0]
    np.testing.assert_array_equal(cell_averages(pixels), expected)


@pytest.mark.parametrize("levels", [0, 1, 3, 7])
def test_cells_that_were_put_together_again(levels: int) -> None:
    """A flat cell has no coefficient but its average."""
    averages = np.random.default_rng(levels).normal(0, 50, 9)
    coefficients = pywt.wavedec2(np.zeros((9, 1 << levels, 1 << levels)), "haar", level=levels)
    coefficients[0] = averages.reshape(-1, 1, 1)
    cells = pywt.waverec2(coefficients, "haar")
    expected = pywt.wavedec2(cells, "haar", level=levels)[0].ravel()
    np.testing.assert_array_equal(low_pass(cells, levels), expected)
    np.testing.assert_array_equal(low_pass_of_flat(averages, levels), expected)
