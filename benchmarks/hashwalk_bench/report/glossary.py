"""The words of the report, as the field uses them, and how its figures came about."""

from __future__ import annotations

GLOSSARY = (
    (
        "AUC",
        (
            "The chance that an edited copy is nearer its original than an unrelated item is; "
            "1 is perfect, 0.5 is guessing."
        ),
    ),
    ("Collision", "Two unrelated items whose hashes match. A false positive of matching."),
    ("Coverage", "The share of originals that have a usable hash in a format."),
    (
        "Cross-walk",
        (
            "A table of media by format: which hashes belong to the same file. A list moves "
            "from one format to another through it."
        ),
    ),
    (
        "DET curve",
        (
            "Detection error trade-off: misses against false matches at every threshold, on "
            "axes on which normally distributed scores give straight lines."
        ),
    ),
    (
        "Edit, transform",
        (
            "One change made to an original, at one strength; steps of one edit are a "
            "ladder, edits of one kind a family."
        ),
    ),
    (
        "Effective bits",
        (
            "How many fair coin tosses spread unrelated distances as widely, "
            "p (1 − p) / σ². Far fewer than the hash's bits means redundancy, and more collisions."
        ),
    ),
    (
        "Equal error rate",
        (
            "The rate at the threshold where as large a share of copies is missed as "
            "of unrelated pairs matches."
        ),
    ),
    ("False alarm", "A look-up of an unrelated item that matches an entry of a list."),
    ("FPR", "False-positive rate: the share of unrelated pairs that match."),
    (
        "Found, recall",
        (
            "The share of edited copies that match their original. A copy without a "
            "usable hash is missed."
        ),
    ),
    ("Interval", "The range that holds the true figure in 95 of 100 such runs."),
    (
        "Cohen's κ",
        (
            "How far two formats agree on which copies they find, beyond what chance gives: 0 "
            "is chance, 1 is always."
        ),
    ),
    (
        "Node bootstrap",
        (
            "Drawing sources, not pairs, anew to see how far a rate of pairs varies: "
            "pairs share sources, so that they are not independent."
        ),
    ),
    (
        "Not resolvable",
        ("A rate that expects fewer than 10 events among the pairs of this run is not told."),
    ),
    (
        "Published threshold",
        "The distance up to which the format's authors call two hashes a match.",
    ),
    ("Threshold", "The largest distance that is a match."),
    (
        "Unrelated pair",
        (
            "An original and an item of another source, near-duplicates apart; all such "
            "pairs are counted."
        ),
    ),
    ("Usable hash", "A hash that exists and reaches the format's floor of quality."),
)

READING = (
    (
        "Found is the share of edited copies that match their original: more is better. Every "
        "edit and every source has the same weight, so that the average depends on which edits "
        "the suite has."
    ),
    (
        "Confused is the share of unrelated pairs that match: less is better. ≤ means that none "
        "did, with the highest rate that this allows."
    ),
    (
        "The second line of a cell is its 95 % interval. If two intervals overlap widely, this run "
        "does not tell the two apart."
    ),
)

EQUAL = (
    "Compare formats in the column at equal confusion{where}. Published thresholds differ in how "
    "much they confuse, and a lax one finds more."
)
UNEQUAL = (
    "This run has no column at equal confusion. Read what a format finds together with what it "
    "confuses: published thresholds differ, and a lax one finds more."
)

METHOD = (
    (
        "Each original is edited in every way of the suite, and originals and copies are hashed. "
        "A copy is looked for by its own original; unrelated pairs are all pairs of an original "
        "and an item of another source, never a sample and never chosen by subject."
    ),
    (
        "Originals that are near-duplicates of each other count as one source. Sources are "
        "divided into two halves by a seed: thresholds for a rate are chosen on one half, and all "
        "that is told of them is of the other."
    ),
    (
        "Intervals of recall take each source as one trial, however many copies it has; those of "
        "pairs draw sources, not pairs. Where no event was seen, the interval is the one-sided "
        "exact bound."
    ),
    "A rate that expects fewer than 10 events is not told; the report says which pairs it needs.",
)

LIMITS = (
    (
        "The corpus is not yours: which formats find most depends on the media. Run the benchmark "
        "on media like those that you match."
    ),
    (
        "Edits are made one at a time, or in the chains of the suite. People who evade matching "
        "combine others."
    ),
    (
        "Rates of single pairs say nothing of how many unrelated items a service sees: see the "
        "false alarms of a look-up for the size of your list."
    ),
    "The figures are those of the implementations and decoders whose versions are named below.",
)
