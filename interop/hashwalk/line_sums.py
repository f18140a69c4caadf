"""Weighted sums along lines, of 16 lines at a time, for the compiled loops that make planes small.

A compiler makes a sum along a line of vectors, and at last of a vector's elements, which takes
longer than all before where sums are short. Here the last vectors of 16 lines are added up
crosswise, which ends in one vector of 16 sums.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashwalk.compiled import intrinsic

Value = Any
"""What stands for a value, a type or a module of numba and llvmlite, which are not typed."""
LINES_AT_ONCE = 16
TAPS_AT_ONCE = 16
_LARGEST = 32767


class Windows(NamedTuple):
    """What sums are made of: ``weights[i]``, times the elements from ``first[i]`` on."""

    first: NDArray[np.int64]
    weights: NDArray[np.int16]


def windows(first: NDArray[np.int64], weights: NDArray[np.integer], length: int) -> Windows:
    """Return the same sums of as many elements as 16 lines are added up of at once.

    Their elements are among the first `length` ones, or as many as ``shortest`` says.
    """
    width = shortest(weights.shape[1])
    moved = np.clip(first, 0, max(length - width, 0))
    rows = np.arange(len(first))[:, None]
    spread = np.zeros((len(first), width + length), np.int16)
    spread[rows, (first - moved)[:, None] + np.arange(weights.shape[1])] = weights
    return Windows(moved, np.ascontiguousarray(spread[:, :width]))


def padded(lines: NDArray[Any], width: int) -> NDArray[Any]:
    """Return at least 16 lines of `width` elements or more, which are neighbours; others are 0."""
    missing = max(LINES_AT_ONCE - len(lines), 0), max(width - lines.shape[1], 0)
    if any(missing):
        return np.pad(lines, ((0, missing[0]), (0, missing[1])))
    return lines if lines.strides[1] == lines.itemsize else np.ascontiguousarray(lines)


def shortest(taps: int) -> int:
    """Return how many elements a line has at least, whose sums have so many `taps`."""
    return -(-taps // TAPS_AT_ONCE) * TAPS_AT_ONCE


def _generated(numba: Value) -> object:
    """Return numba's intrinsic of ``put_sums``."""

    def typed(  # noqa: PLR0913, PLR0917
        context: Value, lines: Value, at: Value, stride: Value, weights: Value, row: Value,
        half: Value, bits: Value, sums: Value, to: Value,
    ) -> tuple[object, Callable[..., object]]:  # fmt: skip
        whole = numba.types.int64
        arrays = (lines, whole, whole, weights, whole, whole, whole, sums, whole)
        return numba.types.void(*arrays), _generate

    return numba.extending.intrinsic(typed)


@intrinsic(_generated)
def put_sums(  # noqa: PLR0913, PLR0917
    lines: NDArray[np.integer],
    at: int,
    stride: int,
    weights: NDArray[np.int16],
    row: int,
    half: int,
    bits: int,
    sums: NDArray[np.int16],
    to: int,
) -> None:
    """Write 16 elements of `sums`, from element `to` on.

    Number i is the sum of the elements of `lines` from ``at + i * stride`` on, each times its
    weight in ``weights[row]``; plus `half`, shifted right by `bits`, and at most 32767. `lines`
    has 8 bits an element, or 16 with a sign or a zero as the first; `stride` is from line to line.
    `weights` has a multiple of 16 columns; it and `sums` are in C order, and elements of a line
    are neighbours. In compiled loops no bound is checked.
    """
    top, first = divmod(at, stride)
    columns = weights.shape[1]
    block = lines[top : top + LINES_AT_ONCE, first : first + columns]
    if block.shape != (LINES_AT_ONCE, columns) or columns % TAPS_AT_ONCE:
        raise IndexError("sums of what is not there")
    total = (block.astype(np.int64) @ weights[row]).astype(np.int32) + np.int32(half) >> bits
    sums.reshape(-1)[range(to, to + LINES_AT_ONCE)] = np.minimum(total, _LARGEST)


def _generate(context: Value, builder: Value, signature: Value, arguments: Value) -> object:
    """Generate the code of ``put_sums`` for arrays of the signature's types."""
    lines_, at, stride, weights_, row, half, bits, sums_, to = arguments
    lines, weights, sums = (
        context.make_array(signature.args[number])(context, builder, value)
        for number, value in ((0, lines_), (3, weights_), (7, sums_))
    )
    columns = builder.extract_value(weights.shape, 1)
    first_weight = builder.gep(weights.data, [builder.mul(row, columns)])
    first = builder.gep(lines.data, [at])
    vectors = _Vectors(builder)
    total = vectors.added_crosswise(vectors.weighted(first, stride, first_weight, columns))
    vectors.store(total, half, bits, builder.gep(sums.data, [to]))
    return context.get_dummy_value()


class _Vectors:
    """Generates code for vectors; LLVM finds the processor's own instructions for them."""

    def __init__(self, builder: Value) -> None:
        self._ir: Value = importlib.import_module("llvmlite.ir")
        self._builder = builder
        self._index = self._ir.IntType(64)

    def weighted(self, first: Value, stride: Value, weights: Value, count: Value) -> list[Value]:
        """Loop over `count` taps; return a vector of partial sums for each of the lines."""
        builder, before = self._builder, self._builder.block
        loop, done = (builder.append_basic_block(name) for name in ("taps", "sums"))
        builder.branch(loop)
        builder.position_at_end(loop)
        tap = builder.phi(self._index)
        kind = self._of(32, TAPS_AT_ONCE // 2)
        partial = [builder.phi(kind) for _ in range(LINES_AT_ONCE)]
        here = (builder.gep(pointer, [tap]) for pointer in (first, weights))
        more = self._one_step(partial, stride, *here)
        following = builder.add(tap, self._index(TAPS_AT_ONCE))
        nothing = self._ir.Constant(kind, None)
        starts, ends = [self._index(0), *[nothing] * len(more)], [following, *more]
        for phi, start, end in zip([tap, *partial], starts, ends, strict=True):
            phi.add_incoming(start, before)
            phi.add_incoming(end, loop)
        builder.cbranch(builder.icmp_signed("<", following, count), loop, done)
        builder.position_at_end(done)
        return more

    def _one_step(
        self, partial: list[Value], stride: Value, first: Value, weights: Value
    ) -> list[Value]:
        """Add 16 taps of each line to its partial sums."""
        builder, step = self._builder, self._ir.Constant(self._index, 0)
        factors = self._loaded(weights)
        more = []
        for old in partial:
            products = builder.mul(self._loaded(builder.gep(first, [step])), factors)
            even, odd = (self._shuffled(products, products, range(i, 16, 2)) for i in (0, 1))
            more.append(builder.add(old, builder.add(even, odd)))
            step = builder.add(step, stride)
        return more

    def added_crosswise(self, vectors: list[Value]) -> Value:
        """Return the sums of 16 vectors of 8 elements each, as one vector.

        Vectors are taken as two halves of four, within which elements move at least cost.
        """
        for here, there in (((0, 8, 1, 9), (2, 10, 3, 11)), ((0, 1, 8, 9), (2, 3, 10, 11))):
            both = [[*of_half, *(i + 4 for i in of_half)] for of_half in (here, there)]
            vectors = self._pairs_added(vectors, *both)
        low, high = [0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]
        first, second = self._pairs_added(vectors, low, high)
        return self._shuffled(first, second, range(16))

    def store(self, sums: Value, half: Value, bits: Value, to: Value) -> None:
        """Store the sums at a pointer to words: plus `half`, shifted, and cut off."""
        builder, whole = self._builder, self._ir.IntType(32)
        half, bits = (self._repeated(builder.trunc(n, whole)) for n in (half, bits))
        sums = builder.ashr(builder.add(sums, half), bits)
        largest = self._repeated(whole(_LARGEST))
        least = builder.select(builder.icmp_signed("<", sums, largest), sums, largest)
        words = builder.trunc(least, self._of(16, LINES_AT_ONCE))
        stored = builder.store(words, builder.bitcast(to, words.type.as_pointer()))
        stored.align = words.type.element.width // 8

    def _pairs_added(
        self, vectors: list[Value], here: Sequence[int], there: Sequence[int]
    ) -> list[Value]:
        return [
            self._builder.add(self._shuffled(a, b, here), self._shuffled(a, b, there))
            for a, b in zip(vectors[::2], vectors[1::2], strict=True)
        ]

    def _loaded(self, pointer: Value) -> Value:
        """Load 16 unsigned bytes or signed words, as numbers of 32 bits."""
        width = pointer.type.pointee.width
        kind = self._of(width, TAPS_AT_ONCE)
        loaded = self._builder.load(self._builder.bitcast(pointer, kind.as_pointer()))
        loaded.align = width // 8
        widened = self._builder.zext if width == 8 else self._builder.sext
        return widened(loaded, self._of(32, TAPS_AT_ONCE))

    def _repeated(self, number: Value) -> Value:
        nothing = self._ir.Constant(self._of(32, LINES_AT_ONCE), self._ir.Undefined)
        one = self._builder.insert_element(nothing, number, self._ir.IntType(32)(0))
        return self._shuffled(one, nothing, [0] * LINES_AT_ONCE)

    def _shuffled(self, a: Value, b: Value, order: Sequence[int]) -> Value:
        mask = self._ir.Constant(self._of(32, len(order)), list(order))
        return self._builder.shuffle_vector(a, b, mask)

    def _of(self, bits: int, count: int) -> Value:
        return self._ir.VectorType(self._ir.IntType(bits), count)
