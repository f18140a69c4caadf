"""What a merge of cross-walks holds, as SQL views over its members."""

from __future__ import annotations

from collections.abc import Sequence

_BATCHES = 10**12

# The file names of members are placed in the merge: a URI that stands for different bytes in
# two members keeps the bytes of the first; the others get their first member's name.
# Hashes: raising the batches of earlier members above those of later ones makes theirs the
# newest. Failures: a file that one member could not read or decode, but another could, has not
# failed; of two failures under one key the last one in order is the first member's.
_VIEWS = """
CREATE SCHEMA merged;
CREATE VIEW merged.present AS {current};
CREATE VIEW merged.placed AS
    SELECT uri, sha256, CASE
        WHEN min(member) = min(min(member)) OVER (PARTITION BY uri) THEN uri
        ELSE uri || CASE WHEN contains(uri, '#') THEN '/' ELSE '#' END
             || [{names}][min(member) + 1]
    END AS placed_uri
    FROM merged.present GROUP BY uri, sha256;
CREATE VIEW merged.media AS
    FROM ({media}) m JOIN merged.placed USING (uri, sha256)
    SELECT placed_uri AS uri, m.* EXCLUDE (uri);
CREATE VIEW merged.hashes AS {hashes};
CREATE VIEW merged.conflicts AS
    FROM ({folded})
    SELECT sha256, format, arg_min(member, folded) AS one, arg_max(member, folded) AS other
    GROUP BY sha256, format HAVING min(folded) <> max(folded);
CREATE VIEW merged.failed AS {failures};
CREATE VIEW merged.healthy AS
    FROM merged.present ANTI JOIN (FROM merged.failed WHERE format = '*') USING (uri, member);
CREATE VIEW merged.failures AS
    WITH owned AS (
        SELECT f.*, p.sha256 AS own
        FROM merged.failed f LEFT JOIN merged.present p USING (uri, member)
    )
    SELECT ifnull(placed_uri, f.uri) AS uri, f.* EXCLUDE (uri)
    FROM owned f LEFT JOIN merged.placed p ON p.uri = f.uri AND p.sha256 = f.own
    WHERE f.format <> '*' OR NOT EXISTS (
        FROM merged.healthy h WHERE h.uri = f.uri AND h.sha256 = ifnull(f.own, h.sha256)
    );
"""


def merged_views(names: Sequence[str]) -> str:
    """Return the SQL that makes the views of the merge of all cross-walks of a session.

    `names` are the members', in the order of the session, without characters to be quoted.
    """
    last = len(names) - 1
    return _VIEWS.format(
        names=", ".join(f"'{name}'" for name in names),
        current=_union("FROM cw{n}.current SELECT uri, sha256, {n} AS member", names),
        media=_union("FROM cw{n}.newest_media SELECT *, {n} AS member", names),
        hashes=" UNION ALL ".join(
            f"FROM cw{n}.hashes_rows SELECT * REPLACE (batch + {_BATCHES * (last - n)} AS batch)"
            for n in range(len(names))
        ),
        folded=_union("FROM cw{n}.folded_hashes SELECT *, {n} AS member", names),
        failures=_union("FROM cw{n}.standing_failures SELECT *, {n} AS member", names),
    )


def _union(query: str, names: Sequence[str]) -> str:
    return " UNION ALL ".join(f"({query.format(n=n)})" for n in range(len(names)))
