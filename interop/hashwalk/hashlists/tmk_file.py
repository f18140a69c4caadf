"""Files of TMK+PDQF: the vector of one video, as the programs of ThreatExchange write it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import BinaryIO, ClassVar

from hashwalk.hashlists.container import Head, Told
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import MediaType, Record
from hashwalk.hashlists.single_hash import SingleHash
from hashwalk.hashlists.values import hash_of
from hashwalk.registry import get_format

_ALGORITHM = "tmk-pdqf"
_ENCODING = "base64"
_MAGIC = b"TMK1FVECPDQF"


class TmkFile(SingleHash):
    """A ``.tmk`` file; the record's value is its content in base64."""

    name = "tmk"
    summary = "one TMK+PDQF vector, binary, as the programs of ThreatExchange write it"
    carries = SingleHash.carries | {"algorithm"}
    algorithms: ClassVar[Mapping[str, str]] = {_ALGORITHM: _ALGORITHM}

    def recognises(self, head: Head) -> bool:
        """Tell by the first twelve bytes."""
        return head.data.startswith(_MAGIC)

    def read_hash(self, file: BinaryIO, told: Told) -> Record:
        """Return the record of the vector; `told` cannot say another algorithm."""
        found = get_format(_ALGORITHM)
        content = file.read((found.spec.value_bytes or 0) + 1)
        value = base64.b64encode(content).decode("ascii")
        found.parse(value, _ENCODING)
        return Record(
            media_type=MediaType.VIDEO, algorithm=_ALGORITHM, encoding=_ENCODING, value=value
        )

    def content_of(self, record: Record, loss: Loss) -> bytes:
        """Return the vector's bytes."""
        found = hash_of(record)
        return b"" if found is None else found.value
