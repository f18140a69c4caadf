"""A whole run: corpus, originals, audit, variants, costs, tables."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hashwalk.cli.console import counted
from hashwalk.configuration import configuration_file
from hashwalk.errors import UsageError
from hashwalk.job.pool import LocalPool
from hashwalk.job.worker import load_formats
from hashwalk.media.limits import Limits
from hashwalk.registry import get_formats
from hashwalk_bench.corpus import (
    AUDIT_FORMATS,
    Corpus,
    halves,
    near_duplicates,
    read_corpus,
    together,
)
from hashwalk_bench.run.manifest import (
    CorpusFacts,
    Manifest,
    SuiteFacts,
    write_manifest,
)
from hashwalk_bench.run.storage import table_of, write_table
from hashwalk_bench.run.tables import Table
from hashwalk_bench.running.asked import Asked
from hashwalk_bench.running.costs import measure_costs
from hashwalk_bench.running.journal import Journal
from hashwalk_bench.running.loop import Loop, OnProgress
from hashwalk_bench.running.opening import check_folder, opened_run, scratch_of
from hashwalk_bench.running.plan import Plan, make_plan
from hashwalk_bench.running.tabling import original_hashes, write_results, write_sources
from hashwalk_bench.running.worker import Order
from hashwalk_bench.suites import Suite
from hashwalk_bench.transforms import Medium

SHARE_OF_COSTS = 0.1
"""How much of a run's time the measurement of costs may take."""
_LEAST_COST_S = 2.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended: `items` of `total` are done; all tables are written if `finished`."""

    items: int
    total: int
    seconds: float
    finished: bool


OnNews = Callable[[str], object]
"""Is told, in a line for people, what was found out or is being done."""


def run_benchmark(
    asked: Asked,
    *,
    stop: threading.Event,
    on_progress: OnProgress | None,
    on_news: OnNews,
    on_left_out: OnNews,
) -> Done:
    """Bring the run in the folder to its end, from wherever it is.

    `on_left_out` is told each file, and the formats asked for, that have no part in the run.
    Killed at any moment, it goes on with the same call, and ends with the same tables, but for
    that of costs. Raises UsageError, also for a folder that holds another run, SuiteError,
    CrosswalkBusyError while another process works at the same run, RunError for a damaged part.
    """
    begun = time.monotonic()
    workers = asked.workers or len(os.sched_getaffinity(0))
    asked.check()
    check_folder(asked.folder)
    suite = asked.load_suite()
    corpus = read_corpus(asked.media)
    _tell_corpus(corpus, on_news, on_left_out)
    _check_edited(suite, corpus)
    _tell_unfit(asked, suite, corpus, on_left_out)
    manifest = _manifest(asked, suite, corpus, workers)
    plan = make_plan(corpus.sources, suite.calls)
    with opened_run(asked.folder, manifest) as held:
        run = _Run(asked, suite, corpus, plan, on_news)
        if held.is_finished:
            on_news("the run is finished already: nothing is made anew")
            items, finished = plan.items, True
        else:
            items, finished = run.work(workers, stop, on_progress)
        if finished:
            write_manifest(asked.folder, held if held.is_finished else held.finished())
            run.journal.remove()
        return Done(items, plan.items, time.monotonic() - begun, finished)


class _Run:
    """The steps of a run whose folder is locked."""

    def __init__(
        self, asked: Asked, suite: Suite, corpus: Corpus, plan: Plan, on_news: OnNews
    ) -> None:
        self.journal = Journal(asked.folder)
        self._asked, self._corpus, self._plan, self._tell = asked, corpus, plan, on_news
        self._formats = {medium: suite.formats(medium) for medium in Medium}

    def work(
        self, workers: int, stop: threading.Event, on_progress: OnProgress | None
    ) -> tuple[int, bool]:
        """Do all steps until `stop`; return how many items are done, and whether all is."""
        begun = time.monotonic()
        with scratch_of(self._asked.folder) as scratch, self._pool(workers) as pool:
            order = self._order(scratch)
            total = self._plan.items
            loop = Loop(pool, self.journal, order, total=total, stop=stop, on_progress=on_progress)
            if not loop.run(self._plan.originals):
                return loop.items, False
            self._audit()
            if not loop.run(self._plan.variants):
                return loop.items, False
            write_results(self._asked.folder, self.journal, self._all_formats())
            self._write_costs(pool, order, time.monotonic() - begun)
            return loop.items, True

    def _audit(self) -> None:
        cluster_of = near_duplicates(original_hashes(self.journal, self._plan))
        half_of = halves(self._corpus.sources, cluster_of, self._asked.seed)
        write_sources(self._asked.folder, self._corpus.sources, cluster_of, half_of)
        clusters = together(cluster_of)
        if clusters:
            near = sum(map(len, clusters))
            self._tell(
                f"{near:,} of the sources are near-duplicates: they count as {len(clusters):,}"
            )

    def _write_costs(self, pool: LocalPool, order: Order, seconds: float) -> None:
        self._tell("measuring what each format costs")
        originals = {task.entries[0].item: task.source for task in self._plan.originals}
        rows = measure_costs(
            pool,
            originals,
            self._formats,
            order.limits,
            seed=order.seed,
            budget_s=max(_LEAST_COST_S, seconds * SHARE_OF_COSTS),
        )
        write_table(self._asked.folder, Table.COSTS, [table_of(Table.COSTS, rows)])

    def _order(self, scratch: Path) -> Order:
        return Order(
            formats=self._formats,
            seed=self._asked.seed,
            limits=Limits(max_pixels=self._asked.max_pixels),
            scratch=scratch,
            kept=self._asked.kept,
        )

    def _all_formats(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i for ids in self._formats.values() for i in ids))

    @contextmanager
    def _pool(self, workers: int) -> Iterator[LocalPool]:
        audited = (i for ids in AUDIT_FORMATS.values() for i in ids)
        loaded = get_formats((*self._all_formats(), *audited))
        pool = LocalPool(
            workers,
            timeout_s=self._asked.timeout_s,
            memory_bytes=self._asked.memory_mib << 20,
            prepare=functools.partial(load_formats, tuple(loaded), configuration_file()),
            modules={
                Order.__module__,
                *(type(made).__module__ for made in loaded.values()),
            },
        )
        try:
            yield pool
        finally:
            pool.stop()


def _manifest(asked: Asked, suite: Suite, corpus: Corpus, workers: int) -> Manifest:
    formats = get_formats((*suite.picture_formats, *suite.video_formats))
    return Manifest.of(
        formats,
        seed=asked.seed,
        suite=SuiteFacts(name=suite.name, sha256=suite.sha256, text=suite.text),
        corpus=_facts(corpus),
        parameters={"max_pixels": asked.max_pixels},
        workers=workers,
    )


def _check_edited(suite: Suite, corpus: Corpus) -> None:
    """Raise UsageError where the suite has nothing to do with any source."""
    edited = {call.medium for call in suite.calls}
    held = {source.medium for source in corpus.sources}
    if not edited & held:
        raise UsageError(
            f"nothing to do: {suite.name} with these formats is for {_several(edited)}, "
            f"but there are {_several(held)} alone"
        )


def _several(media: Collection[Medium]) -> str:
    return " and ".join(sorted(f"{medium}s" for medium in media))


def _tell_corpus(corpus: Corpus, on_news: OnNews, on_left_out: OnNews) -> None:
    for left_out in corpus.left_out:
        on_left_out(f"left out: {left_out.name}: {left_out.reason}")
    facts = _facts(corpus)
    made = ", all made up by a program" if facts.synthetic else ""
    media = f"{counted(facts.pictures, 'picture')} and {counted(facts.videos, 'video')}"
    on_news(f"{media}{made}")


def _tell_unfit(asked: Asked, suite: Suite, corpus: Corpus, on_left_out: OnNews) -> None:
    """Tell the formats that were asked for and hash no medium of the corpus."""
    held = {source.medium for source in corpus.sources}
    fit = {name for medium in held for name in suite.formats(medium)}
    unfit = [name for name in dict.fromkeys(asked.formats or ()) if name not in fit]
    if unfit:
        on_left_out(f"left out, as there are {_several(held)} alone: {', '.join(unfit)}")


def _facts(corpus: Corpus) -> CorpusFacts:
    media = [source.medium for source in corpus.sources]
    listed = "".join(f"{source.sha256} {source.name}\n" for source in corpus.sources)
    return CorpusFacts(
        pictures=media.count(Medium.PICTURE),
        videos=media.count(Medium.VIDEO),
        left_out=len(corpus.left_out),
        synthetic=corpus.synthetic,
        sha256=hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest(),
    )
