"""The check that a format may be shared between threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hashwalk.format import Format
from hashwalk.testing.check import expect, guarded
from hashwalk.testing.samples import sample_jobs

THREADS = 4


@guarded
def check_threads(candidate: Format) -> None:
    """Check that files, pictures or clips hashed at the same time have the same hashes."""
    jobs = sample_jobs(candidate) * 3
    one_by_one = [job() for job in jobs]
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(lambda job: job(), jobs))
    expect(together == one_by_one, "hashes computed in several threads differ")
