"""Labels as single texts, there and back, for exchanges that know tags alone.

A label is ``scheme:version/region="code"``, which has the form of a machine tag; what the first
three have of ``% : / "``, and the code of ``% "``, is written as in URLs. A tag of the exchange
itself stays as it is.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from hashwalk.results import Label

_TAG = re.compile(r'([^:/"]*):([^:/"]*)/([^:/"]*)="([^"]*)"')
_IN_NAMES = str.maketrans({each: f"%{ord(each):02X}" for each in '%:/"'})
_IN_CODES = str.maketrans({each: f"%{ord(each):02X}" for each in '%"'})


def tag_of(label: Label, exchange: str) -> str:
    """Return the tag of a label; one without version and region of `exchange` is its code."""
    own = label == Label(exchange, "", "", label.code) and label.code.strip()
    if own and label_of(label.code, exchange) == label:
        return label.code
    names = (label.scheme, label.version, label.region)
    scheme, version, region = (name.translate(_IN_NAMES) for name in names)
    return f'{scheme}:{version}/{region}="{label.code.translate(_IN_CODES)}"'


def label_of(tag: str, exchange: str) -> Label:
    """Return the label of a tag; one that :func:`tag_of` did not write is `exchange`'s own."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return Label(exchange, "", "", tag)
    return Label(*map(unquote, found.groups()))
