"""The sources of a benchmark: what they are, which are near-duplicates, and generated ones."""

from hashwalk_bench.corpus.audit import AUDIT_FORMATS, near_duplicates, together
from hashwalk_bench.corpus.halves import Half, halves
from hashwalk_bench.corpus.sources import Corpus, LeftOut, Source, read_corpus

__all__ = [
    "AUDIT_FORMATS",
    "Corpus",
    "Half",
    "LeftOut",
    "Source",
    "halves",
    "near_duplicates",
    "read_corpus",
    "together",
]
