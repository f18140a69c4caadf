"""The edited copies of the references of one medium, by number, and their hashes in one format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.format import Format, Hash
from hashwalk_bench.moving.finding import Ints


@dataclass(frozen=True, slots=True)
class Copies:
    """Who is whose copy, whatever the format.

    `node` is the number of each reference's cluster of near-duplicates, from 0 on without gaps,
    `keys` their SHA-256; `own` the reference of each copy, `transform` the number of its
    transform, of which `transforms` has id and family.
    """

    node: Ints
    keys: Sequence[str]
    own: Ints
    transform: Ints
    transforms: Sequence[tuple[str, str]]

    def once(self, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return, of the copies that a mask chooses, the first of each cluster and transform."""
        at = np.flatnonzero(wanted)
        cell = self.node[self.own[at]] * len(self.transforms) + self.transform[at]
        first = np.zeros(len(self.own), np.bool_)
        first[at[np.unique(cell, return_index=True)[1]]] = True
        return first


@dataclass(frozen=True, slots=True)
class Hashes:
    """The hashes of one format: of references by number, of each copy the hash or None."""

    searched: Format
    references: Mapping[int, Hash]
    copies: Sequence[Hash | None]

    @property
    def format(self) -> str:
        """The id of the format."""
        return self.searched.spec.id

    def usable(self, references: int) -> NDArray[np.bool_]:
        """Tell which of so many references have a hash that may be matched."""
        usable = np.zeros(references, np.bool_)
        for number, value in self.references.items():
            usable[number] = not self.searched.below_floor(value)
        return usable
