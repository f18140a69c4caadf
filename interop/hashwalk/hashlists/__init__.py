"""Hash lists as they are exchanged: read into canonical records, written from them."""

from hashwalk.hashlists.containers import containers
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.reading import read_list
from hashwalk.hashlists.record import Feedback, MediaType, Record, Reject, Status

__all__ = [
    "Feedback",
    "Loss",
    "MediaType",
    "Record",
    "Reject",
    "Status",
    "containers",
    "read_list",
]
