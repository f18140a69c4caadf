"""Pools that run work elsewhere: the protocol, and worker processes on this machine.

Each local worker has a pipe of its own, so that a worker that is killed, even in the middle of
an answer, takes no lock and no other worker's answer with it.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver, get_context, resource_tracker, spawn
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, TypeVar

from hashwalk.errors import HashwalkError, MediaCrashError, MediaError, MediaTimeoutError
from hashwalk.job.worker import READY, Answer, serve

T = TypeVar("T")

_starting = threading.Lock()

_START_TIMEOUT_S = 120.0
_DEATH_S = 5.0
_LONGEST_WAIT_S = 3600.0
_STARTS_BEFORE_GIVING_UP = 3
_TASKS_A_WORKER = 5000
_SENT_AHEAD = 2
_WORKER_ENVIRONMENT = {
    # One thread for each numerical library: the workers are the parallelism.
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
    ),
    # Planes of the last file are used again for the next, not given back and asked for anew.
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "1000000000",
    "PILLOW_BLOCKS_MAX": "8",
}


class Pool(Protocol):
    """Runs functions elsewhere: in local processes, or on a cluster (any executor will do)."""

    def submit(self, work: Callable[..., T], /, *arguments: object) -> Future[T]:
        """Run ``work(*arguments)``; the future raises MediaError for what the work cost.

        MediaTimeoutError when it took too long, MediaCrashError when its process died,
        MediaMemoryError when it passed the memory limit.
        """


@dataclass(eq=False)
class _Task:
    future: Future[Any]
    message: bytes


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    deadline: float
    ready: bool = False
    answered: int = 0
    tasks: deque[_Task] = field(default_factory=deque)

    @property
    def is_fresh(self) -> bool:
        return self.ready and not self.answered and not self.tasks

    @property
    def is_spent(self) -> bool:
        return self.answered + len(self.tasks) >= _TASKS_A_WORKER

    @property
    def takes_work(self) -> bool:
        return self.ready and len(self.tasks) < _SENT_AHEAD and not self.is_spent


class LocalPool:
    """Worker processes on this machine, each task within a time and a memory limit.

    A worker's first task is the one it works at; the next is sent ahead, so that it never
    waits. A worker that dies fails its first task only. Whether a task has memory enough does
    not depend on those before it: a worker that keeps much memory is replaced, and a task that
    runs short of it in a used worker is repeated once in a fresh one.
    """

    def __init__(
        self,
        workers: int,
        *,
        timeout_s: float | None = None,
        memory_bytes: int | None = None,
        prepare: Callable[[], object] = list,
        modules: Iterable[str] = (),
    ) -> None:
        """Keep `workers` processes, which call `prepare` before the limits count.

        `modules` are imported once for all workers, where no pool was made before this one.
        """
        self._count = workers
        self._timeout_s = timeout_s
        self._arguments = (memory_bytes, prepare)
        self._context = _fork_server(modules)
        self._waiting: deque[_Task] = deque()
        self._repeated: deque[_Task] = deque()
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._stopping = False
        self._broken: HashwalkError | None = None
        self._wake_reader, self._wake_writer = os.pipe()
        self._thread = threading.Thread(target=self._run, name="hashwalk-pool", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[..., T], /, *arguments: object) -> Future[T]:
        """Run ``work(*arguments)`` in a worker; both must pickle."""
        task = _Task(Future(), pickle.dumps((work, arguments)))
        self._waiting.append(task)
        if self._broken is not None:
            raise self._broken
        os.write(self._wake_writer, b"w")
        return task.future

    def stop(self) -> None:
        """Kill the workers and wait until they are gone."""
        self._stopping = True
        os.write(self._wake_writer, b"s")
        self._thread.join()
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._hand_out()
                self._listen()
                self._enforce_deadlines()
        except HashwalkError as error:
            self._break(error)
        except Exception as error:  # noqa: BLE001 - the job must hear of it, not hang
            self._break(HashwalkError(f"the worker processes broke: {error!r}"))
        finally:
            for worker in list(self._workers):
                self._remove(worker)

    def _hand_out(self) -> None:
        for worker in self._workers:
            if self._repeated and worker.is_fresh:
                self._give(worker, self._repeated.popleft())
        for load in range(_SENT_AHEAD):
            for worker in self._workers:
                if self._waiting and worker.takes_work and len(worker.tasks) == load:
                    self._give(worker, self._waiting.popleft())
        wanted = len(self._waiting) + len(self._repeated)
        for _ in range(min(wanted, self._count - len(self._workers))):
            self._workers.append(self._start())

    def _give(self, worker: _Worker, task: _Task) -> None:
        if not worker.tasks:
            worker.deadline = self._deadline()
        worker.tasks.append(task)
        # A worker that died meanwhile is found dead by the next look at it.
        with suppress(OSError):
            worker.connection.send_bytes(task.message)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=serve, args=(theirs, *self._arguments), name="hashwalk-worker", daemon=True
        )
        with _main_module_left_out():
            process.start()
        theirs.close()
        return _Worker(process, ours, time.monotonic() + _START_TIMEOUT_S)

    def _listen(self) -> None:
        watched: list[Any] = [self._wake_reader]
        for worker in self._workers:
            watched += (worker.connection, worker.process.sentinel)
        ready = set(wait(watched, self._patience()))
        if self._wake_reader in ready:
            os.read(self._wake_reader, 1 << 16)
        for worker in list(self._workers):
            if worker.connection in ready:
                self._receive(worker)
            elif worker.process.sentinel in ready:
                self._bury(worker)

    def _patience(self) -> float:
        deadlines = (w.deadline for w in self._workers if w.tasks or not w.ready)
        left = min(deadlines, default=math.inf) - time.monotonic()
        return min(max(left, 0.0), _LONGEST_WAIT_S)

    def _receive(self, worker: _Worker) -> None:
        try:
            message = worker.connection.recv_bytes()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if not worker.ready:
            greeting = pickle.loads(message)  # noqa: S301 - from our own worker
            if greeting != READY:
                raise HashwalkError(f"the worker processes cannot work: {greeting}")
            worker.ready = True
            self._failed_starts = 0
            return
        self._settle(worker, _read(message))

    def _settle(self, worker: _Worker, answer: Answer) -> None:
        task = worker.tasks.popleft()
        if answer.short and worker.answered:
            self._repeated.append(task)
        elif answer.went_well:
            task.future.set_result(answer.value)
        else:
            task.future.set_exception(answer.value)
        worker.answered += 1
        worker.deadline = self._deadline()
        if answer.short or answer.full or (worker.is_spent and not worker.tasks):
            self._replace(worker)

    def _enforce_deadlines(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers):
            if now < worker.deadline or worker.connection.poll():
                continue
            if not worker.ready:
                self._bury(worker)
            elif worker.tasks:
                seconds = f"{self._timeout_s:g}"
                self._fail(worker, MediaTimeoutError(f"took longer than {seconds} s"))

    def _bury(self, worker: _Worker) -> None:
        """Take leave of a worker that died, or never started."""
        worker.process.join(_DEATH_S)
        death = _death(worker.process.exitcode)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS_BEFORE_GIVING_UP:
                raise HashwalkError(f"the worker processes do not start: the last one {death}")
        self._fail(worker, MediaCrashError(f"the process that read it {death}"))

    def _fail(self, worker: _Worker, error: MediaError) -> None:
        if worker.tasks:
            worker.tasks.popleft().future.set_exception(error)
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        """End a worker; what was sent ahead to it waits for the next one."""
        self._waiting.extendleft(reversed(worker.tasks))
        self._remove(worker)

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()

    def _break(self, error: HashwalkError) -> None:
        self._broken = error
        in_work = [task for worker in self._workers for task in worker.tasks]
        for task in (*in_work, *self._repeated, *self._waiting):
            task.future.set_exception(error)

    def _deadline(self) -> float:
        return math.inf if self._timeout_s is None else time.monotonic() + self._timeout_s


def _read(message: bytes) -> Answer:
    try:
        answer: Answer = pickle.loads(message)  # noqa: S301 - from our own worker
    except Exception as error:  # noqa: BLE001 - whatever a format's objects do
        return Answer(False, MediaCrashError(f"its result cannot be read: {error}"))
    return answer


def _death(exit_code: int | None) -> str:
    if exit_code is None:
        return "does not answer"
    if exit_code >= 0:
        return f"ended with exit code {exit_code}"
    name = signal.Signals(-exit_code).name
    hint = ", perhaps by the system for want of memory" if name == "SIGKILL" else ""
    return f"was ended by {name}{hint}"


def _fork_server(modules: Iterable[str]) -> ForkServerContext:
    """Return the way to start workers, which fork from a server that has imported everything.

    The server is started with SIGINT blocked, so that Ctrl-C in a terminal reaches the parent
    alone, and with the environment that suits workers. The resource tracker, which the server
    needs, comes first: starting it unblocks SIGINT.
    """
    resource_tracker.ensure_running()
    context = get_context("forkserver")
    context.set_forkserver_preload([serve.__module__, "cv2", *modules])
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    before = dict(os.environ)
    os.environ.update(_WORKER_ENVIRONMENT)
    try:
        forkserver.ensure_running()
    finally:
        for name in _WORKER_ENVIRONMENT:
            _restore(name, before.get(name))
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    return context


@contextmanager
def _main_module_left_out() -> Iterator[None]:
    """Start a process that does not import the caller's main module.

    Workers need nothing of it, and a script would run itself again in each of them unless its
    author had thought of that. What other threads start meanwhile is left alone.
    """
    us = threading.get_ident()
    with _starting:
        original = spawn.get_preparation_data

        def prepared(name: str) -> dict[str, Any]:
            data: dict[str, Any] = original(name)
            left_out = "init_main" if threading.get_ident() == us else "\0"
            return {key: value for key, value in data.items() if not key.startswith(left_out)}

        spawn.get_preparation_data = prepared
        try:
            yield
        finally:
            spawn.get_preparation_data = original


def _restore(name: str, value: str | None) -> None:
    if value is None:
        del os.environ[name]
    else:
        os.environ[name] = value
