"""Text encodings of hash values: each turns bytes into text and back without loss."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import struct
from abc import ABC, abstractmethod
from dataclasses import dataclass


class Encoding(ABC):
    """A reversible text form of one hash value.

    ``parse(render(value)) == value`` holds for every value of the format. ``parse`` raises
    ``ValueError`` with a reason that never repeats the text, since values may be secret.
    """

    name: str

    @abstractmethod
    def parse(self, text: str) -> bytes:
        """Return the packed value that `text` stands for."""

    @abstractmethod
    def render(self, value: bytes) -> str:
        """Return the text form of a packed `value`."""


@dataclass(frozen=True, slots=True)
class Hex(Encoding):
    """Hexadecimal digits of a value of `bits` bits, most significant bit first.

    A width that is no multiple of 8 is right-aligned in the digits (as imagehash writes it)
    and left-aligned in the packed bytes (as ``numpy.packbits`` packs it).
    """

    bits: int
    name: str = "hex"

    @property
    def digits(self) -> int:
        """The number of hexadecimal digits."""
        return (self.bits + 3) // 4

    def parse(self, text: str) -> bytes:
        """Read exactly ``digits`` hexadecimal digits, of either case."""
        cleaned = text.strip()
        if len(cleaned) != self.digits:
            raise ValueError(f"expected {self.digits} hexadecimal digits, got {len(cleaned)}")
        if not re.fullmatch(r"[0-9a-fA-F]+", cleaned):
            raise ValueError(f"expected {self.digits} hexadecimal digits, got other characters")
        number = int(cleaned, 16)
        if number >> self.bits:
            raise ValueError(f"the value has more than {self.bits} bits")
        return (number << self._padding).to_bytes((self.bits + 7) // 8, "big")

    def render(self, value: bytes) -> str:
        """Write lower-case digits, leading zeros kept."""
        return f"{int.from_bytes(value, 'big') >> self._padding:0{self.digits}x}"

    @property
    def _padding(self) -> int:
        return -self.bits % 8


@dataclass(frozen=True, slots=True)
class Base64(Encoding):
    """Standard base64, with padding, of the packed bytes (as perception writes hashes)."""

    bits: int
    name: str = "base64"

    def parse(self, text: str) -> bytes:
        """Read padded standard base64 of exactly the value's length."""
        size = (self.bits + 7) // 8
        try:
            value = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(f"expected base64 of {size} bytes, got other characters") from None
        if len(value) != size:
            raise ValueError(f"expected base64 of {size} bytes, got {len(value)} bytes")
        if value[-1] & ((1 << (-self.bits % 8)) - 1):
            raise ValueError(f"the value has more than {self.bits} bits")
        return value

    def render(self, value: bytes) -> str:
        """Write padded standard base64."""
        return base64.b64encode(value).decode("ascii")


@dataclass(frozen=True, slots=True)
class FloatList(Encoding):
    """A JSON array of `count` finite numbers, packed as little-endian float64."""

    count: int
    name: str = "json"

    def parse(self, text: str) -> bytes:
        """Read a JSON array of exactly `count` finite numbers."""
        try:
            numbers = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise ValueError(f"expected a JSON array of {self.count} numbers") from None
        if not isinstance(numbers, list) or len(numbers) != self.count:
            raise ValueError(f"expected a JSON array of {self.count} numbers")
        if not all(type(n) in (int, float) for n in numbers):
            raise ValueError("the array holds something other than numbers")
        try:
            floats = [float(n) for n in numbers]
        except OverflowError:
            floats = [math.inf]
        if not all(map(math.isfinite, floats)):
            raise ValueError("the array holds a number too large for a float64")
        return struct.pack(f"<{self.count}d", *floats)

    def render(self, value: bytes) -> str:
        """Write the shortest digits that read back to the same float64 numbers."""
        return json.dumps(struct.unpack(f"<{self.count}d", value))


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a finite number")
