"""The sources of a benchmark: what they are, which are near-duplicates, and generated ones."""

from hashwalk_bench.corpus.audit import AUDIT_FORMATS, near_duplicates, together
from hashwalk_bench.corpus.halves import Half, halves
from hashwalk_bench.corpus.making import make_corpus
from hashwalk_bench.corpus.sources import Corpus, LeftOut, Source, read_corpus

__all__ = [
    "AUDIT_FORMATS",
    "Corpus",
    "Half",
    "LeftOut",
    "Source",
    "halves",
    "make_corpus",
    "near_duplicates",
    "read_corpus",
    "together",
]
