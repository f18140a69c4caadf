"""Formats of owners who do not publish their algorithm: carried and compared for equality.

Only their lengths and the places where they are exchanged are public, and not all of those.
"""

from __future__ import annotations

from hashwalk.encodings import Base64, CommaBytes, Hex
from hashwalk.format import FormatSpec, Kind
from hashwalk.opaque import PROPRIETARY, OpaqueFormat

PHOTODNA_BITS = 8 * 144
NEURALHASH_BITS = 96

_TO_COMPUTE = (
    "a licensee plugs its own program in, `[[format]]` in hashwalk.toml; see docs/programs.md"
)
_STRONG = "which copies it finds is not measured here, since only licensees can compute it"
_WEAK = "compared for equality alone: how near two different values are is not public"
_ANY_LENGTH = (
    "carried, not computed; the length is not public, and a text of under 32 characters that can "
    "be both hexadecimal and base64 is read only with its encoding named"
)


def _opaque(  # noqa: PLR0913
    format_id: str,
    owner: str,
    summary: str,
    *,
    kind: Kind,
    source: str,
    used_by: str,
    bits: int | None = None,
    base64_first: bool = False,
) -> OpaqueFormat:
    encodings = (Hex(bits), Base64(bits), CommaBytes(bits))
    return OpaqueFormat(
        FormatSpec(
            id=format_id,
            summary=summary,
            kind=kind,
            bits=bits,
            threshold=None,
            licence=PROPRIETARY,
            encodings=(encodings[1], encodings[0], encodings[2]) if base64_first else encodings,
            interchangeable_with=(f"what a licensee of {owner} computes",),
            source=source,
            fidelity="carried, not computed" if bits else _ANY_LENGTH,
            strong=_STRONG,
            weak=_WEAK,
            used_by=used_by,
            to_compute=_TO_COMPUTE,
        )
    )


_NCMEC = "NCMEC Hash Sharing API v2"

PHOTODNA = _opaque(
    "photodna",
    "Microsoft",
    "Microsoft's PhotoDNA of a picture: 144 bytes",
    kind=Kind.PICTURE,
    source=f"{_NCMEC}, Project VIC, INTERPOL ICSE",
    used_by="IWF, NCMEC, Project VIC, INTERPOL ICSE; announced by StopNCII",
    bits=PHOTODNA_BITS,
    base64_first=True,
)
NETCLEAN = _opaque(
    "netclean",
    "NetClean",
    "NetClean's hash of a picture",
    kind=Kind.PICTURE,
    source=_NCMEC,
    used_by="NCMEC",
)
VIDENTIFIER = _opaque(
    "videntifier",
    "Videntifier",
    "Videntifier's local descriptors of a video",
    kind=Kind.VIDEO,
    source=_NCMEC,
    used_by="NCMEC",
)
SSVH_PDNA = _opaque(
    "ssvh-pdna",
    "Thorn and Microsoft",
    "Thorn's scene-sensitive video hashing (SSVH), by PhotoDNA",
    kind=Kind.VIDEO,
    source=_NCMEC,
    used_by="NCMEC",
)
SSVH_SAFER_HASH = _opaque(
    "ssvh-safer-hash",
    "Thorn",
    "Thorn's scene-sensitive video hashing (SSVH), by SaferHash",
    kind=Kind.VIDEO,
    source=_NCMEC,
    used_by="NCMEC",
)
CSAI_MATCH = _opaque(
    "csai-match",
    "Google",
    "Google's CSAI Match of segments of a video",
    kind=Kind.VIDEO,
    source="Google, Child Safety Toolkit",
    used_by="Google; no list of it is known publicly",
)
NEURALHASH = _opaque(
    "neuralhash",
    "Apple",
    "Apple's NeuralHash of a picture: 96 bits",
    kind=Kind.PICTURE,
    source="Apple, CSAM Detection Technical Summary (2021)",
    used_by="nobody is known to use it publicly",
    bits=NEURALHASH_BITS,
)
SAFERHASH = _opaque(
    "saferhash",
    "Thorn",
    "Thorn's SaferHash of a picture",
    kind=Kind.PICTURE,
    source="Thorn, Safer",
    used_by="Thorn Safer",
)
