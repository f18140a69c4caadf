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

_HEX = re.compile(r"[0-9a-fA-F]+")


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
    and left-aligned in the packed bytes (as ``numpy.packbits`` packs it). Without `bits` a
    value has any number of whole bytes, one or more.
    """

    bits: int | None
    name: str = "hex"

    def parse(self, text: str) -> bytes:
        """Read exactly as many hexadecimal digits, of either case, as a value has."""
        cleaned = text.strip()
        digits = self._digits(len(cleaned))
        if len(cleaned) != digits:
            raise ValueError(f"expected {digits} hexadecimal digits, got {len(cleaned)}")
        if not _HEX.fullmatch(cleaned):
            raise ValueError(f"expected {digits} hexadecimal digits, got other characters")
        number = int(cleaned, 16)
        if self.bits is not None and number >> self.bits:
            raise ValueError(f"the value has more than {self.bits} bits")
        return (number << self._padding).to_bytes((digits + 1) // 2, "big")

    def render(self, value: bytes) -> str:
        """Write lower-case digits, leading zeros kept."""
        number = int.from_bytes(value, "big") >> self._padding
        return f"{number:0{self._digits(2 * len(value))}x}"

    def _digits(self, found: int) -> int:
        """Return how many digits are due where `found` are there."""
        return max(found + found % 2, 2) if self.bits is None else (self.bits + 3) // 4

    @property
    def _padding(self) -> int:
        return _spare_bits(self.bits)


@dataclass(frozen=True, slots=True)
class Base64(Encoding):
    """Standard base64, with padding, of the packed bytes (as perception writes hashes).

    Without `bits` a value has any number of whole bytes, one or more.
    """

    bits: int | None
    name: str = "base64"

    def parse(self, text: str) -> bytes:
        """Read padded standard base64 of exactly the value's length."""
        try:
            value = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("expected padded base64, got other characters") from None
        return _sized(value, self.bits)

    def render(self, value: bytes) -> str:
        """Write padded standard base64."""
        return base64.b64encode(value).decode("ascii")


@dataclass(frozen=True, slots=True)
class CommaBytes(Encoding):
    """The packed bytes as decimal numbers with commas between them, as PhotoDNA is exchanged.

    Without `bits` a value has any number of whole bytes, one or more.
    """

    bits: int | None
    name: str = "comma"

    def parse(self, text: str) -> bytes:
        """Read numbers of 0 to 255, blanks around them allowed."""
        numbers = [number.strip() for number in text.split(",")]
        if not all(re.fullmatch(r"[0-9]{1,3}", n) and int(n) <= 255 for n in numbers):
            raise ValueError("expected numbers of 0 to 255 with commas between them")
        return _sized(bytes(map(int, numbers)), self.bits)

    def render(self, value: bytes) -> str:
        """Write the numbers without leading zeros and without blanks."""
        return ",".join(map(str, value))


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


def _sized(value: bytes, bits: int | None) -> bytes:
    """Return `value`; raises ValueError unless it is one of `bits` bits."""
    size = max(len(value), 1) if bits is None else (bits + 7) // 8
    if len(value) != size:
        raise ValueError(f"expected {size} bytes, got {len(value)}")
    if value[-1] & ((1 << _spare_bits(bits)) - 1):
        raise ValueError(f"the value has more than {bits} bits")
    return value


def _spare_bits(bits: int | None) -> int:
    """Return how many bits of the last byte a value of `bits` bits leaves unused."""
    return -(bits or 0) % 8
