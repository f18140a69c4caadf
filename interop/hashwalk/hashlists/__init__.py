"""Hash lists as they are exchanged: read into canonical records, written from them."""

from hashwalk.hashlists.containers import containers
from hashwalk.hashlists.converting import Conversion, convert_list
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.reading import read_list
from hashwalk.hashlists.record import (
    Feedback,
    MediaType,
    Method,
    Record,
    Reject,
    Status,
    Translation,
)
from hashwalk.hashlists.revoked import Revoked, revoked_for
from hashwalk.hashlists.writing import write_list

__all__ = [
    "Conversion",
    "Feedback",
    "Loss",
    "MediaType",
    "Method",
    "Record",
    "Reject",
    "Revoked",
    "Status",
    "Translation",
    "containers",
    "convert_list",
    "read_list",
    "revoked_for",
    "write_list",
]
