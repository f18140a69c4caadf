"""Formats whose algorithm is not public: carried and compared for equality."""

from __future__ import annotations

from contextlib import suppress

from hashwalk.errors import HashParseError
from hashwalk.format import Comparison, Format, FormatSpec, Hash

PROPRIETARY = "proprietary"
"""The licence of a format whose values are shortened wherever people read them."""

_CLEAR_BYTES = 16
"""The 32 characters of so many bytes in hexadecimal are by chance base64 once in 10^14 values."""


class OpaqueFormat(Format):
    """A format of which nothing is known but how its values are written.

    Equal values match. Of two others nothing can be said: the owner's measure of nearness is not
    public, and two values of one picture may differ.
    """

    def __init__(self, spec: FormatSpec) -> None:
        """Take the card; where the width varies, hexadecimal is the first of its encodings."""
        self.spec = spec

    def parse_part(self, text: str, encoding: str | None = None) -> bytes:
        """Return the packed value that `text` stands for.

        Without `encoding` the text tells it. Every hexadecimal text can be base64, too: the
        first of the format's encodings that fits is taken, unless the value is so short that
        this may be an accident; then it is refused. Raises HashParseError, whose message never
        repeats the text.
        """
        first = super().parse_part(text, encoding)
        if encoding is not None or len(first) >= _CLEAR_BYTES:
            return first
        readings = self._readings(text)
        if len(set(readings.values())) > 1:
            raise HashParseError(
                f"not clearly one {self.spec.id} hash: so short a text may be "
                f"{' or '.join(readings)}, name the encoding"
            )
        return first

    def compare(self, a: Hash, b: Hash) -> Comparison:
        """Return a match for equal hashes, and no verdict for others."""
        distance = self.distance(a, b)
        if distance == 0:
            return Comparison(distance, None, match=True)
        reason = f"they differ, and how near two {self.spec.id} hashes are is not public"
        return Comparison(distance, None, match=None, reason=reason)

    def _readings(self, text: str) -> dict[str, bytes]:
        found = {}
        for encoding in self.spec.encodings:
            with suppress(ValueError):
                found[encoding.name] = encoding.parse(text)
        return found
