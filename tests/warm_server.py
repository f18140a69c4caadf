"""Starts the command line in processes of its own, forked from one that has imported all.

``python warm_server.py SOCKET`` serves the runs that warm_client.py asks for until its standard
input is closed, and writes a line when it is ready. Its own streams have to be pipes that Python
has not used, so that those of a run can take their place. Runs share what was imported, and
nothing else: no thread has been started and no command run when one begins. Environments may
differ from the server's in PYTHONPATH, and in what is read after the start of Python; any other
is refused. The server that a run's workers fork from is forked as well.
"""

import atexit
import importlib
import marshal
import multiprocessing.util
import os
import runpy
import select
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple, NoReturn

IMPORTED = [
    *("hashwalk.cli", "hashwalk.cli.stopping", "hashwalk.hashing", "hashwalk.job"),
    *("hashwalk.crosswalk", "hashwalk.hashlists", "hashwalk.translation", "hashwalk.index"),
    *("duckdb", "rich.console", "rich.table", "rich.progress", "scipy.fftpack"),
    *sorted({point.module for point in entry_points(group="hashwalk.formats")}),
]


class Run(NamedTuple):
    """A process that was forked, and the connection to the client that stands for it."""

    child: int
    client: socket.socket


def main() -> None:
    """Import what runs need, and fork each when it is asked for."""
    for name in IMPORTED:
        importlib.import_module(name)
    importlib.import_module("hashwalk.compiled").load_compiled()
    if len([*Path("/proc/self/task").iterdir()]) > 1:
        sys.exit("an import has started threads, which a fork would lose")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(sys.argv[1])
    listener.listen()
    os.write(1, b"ready\n")
    runs: dict[int, Run] = {}
    while 0 not in (ready := wait_for(listener, runs)):
        end(runs, ready)
        if listener.fileno() in ready:
            client, _ = listener.accept()
            request, streams, _, _ = socket.recv_fds(client, 1 << 20, 3)
            child = os.fork()
            if not child:
                arguments, folder, environment = marshal.loads(request)  # noqa: S302 - our client's
                run(arguments, folder, environment, streams)
            for stream in streams:
                os.close(stream)
            with suppress(BrokenPipeError):
                client.send(b"%d" % child)
            runs[os.pidfd_open(child)] = Run(child, client)


def wait_for(listener: socket.socket, runs: dict[int, Run]) -> set[int]:
    """Wait for the end of our input, a client that comes, a run that ends or a client that dies."""
    clients = [run.client.fileno() for run in runs.values()]
    return {*select.select([0, listener.fileno(), *runs, *clients], [], [])[0]}


def end(runs: dict[int, Run], ready: set[int]) -> None:
    """Tell clients how their runs ended; kill the runs of clients that are no more."""
    for process, (child, client) in [*runs.items()]:
        if process in ready:
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            with client, suppress(BrokenPipeError):
                client.send(b"%d" % code)
            os.close(process)
            del runs[process]
        elif client.fileno() in ready:
            os.kill(child, signal.SIGKILL)


def run(
    arguments: list[str], folder: str, environment: dict[bytes, bytes], streams: list[int]
) -> NoReturn:
    """Be ``python -m hashwalk`` with these arguments, folder, environment and streams."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    before = fixed(os.environ)
    os.environb.clear()
    os.environb.update(environment)
    if fixed(os.environ) != before:
        sys.exit("not warm: the environment changes how Python starts")
    sys.path[0:1] = [folder, *added(os.environ.get("PYTHONPATH", ""))]
    sys.argv[1:] = arguments
    if arguments[:1] in (["rehash"], ["bench"]):
        keep_fork_server()
    code = 1
    try:
        runpy.run_module("hashwalk", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does
        sys.excepthook(*sys.exc_info())
    finally:
        leave(code)


def keep_fork_server() -> None:
    """Fork what becomes the server of workers, which would have to import all by itself."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if not child:
        ours.close()
        be_fork_server(theirs)
    theirs.close()
    spawn = multiprocessing.util.spawnv_passfds

    def start(path: str, arguments: list[str], descriptors: list[int]) -> int:
        if not arguments[-1].startswith("from multiprocessing.forkserver import main"):
            return spawn(path, arguments, descriptors)
        request = marshal.dumps((arguments[-1], descriptors, dict(os.environb)))
        socket.send_fds(ours, [request], descriptors)
        ours.close()
        return child

    multiprocessing.util.spawnv_passfds = start


def be_fork_server(theirs: socket.socket) -> NoReturn:
    """Wait for what a new interpreter would be asked to run, and run it; end if nothing comes."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    request, sent, _, _ = socket.recv_fds(theirs, 1 << 20, 16)
    if not request:
        os._exit(0)
    command, wanted, environment = marshal.loads(request)  # noqa: S302 - our parent's
    held = [os.dup2(here, 500 + i) for i, here in enumerate(sent)]
    os.closerange(3, 500)
    for here, number in zip(held, wanted, strict=True):
        os.dup2(here, number, inheritable=False)
        os.close(here)
    os.environb.clear()
    os.environb.update(environment)
    try:
        exec(command, {"__name__": "__main__"})  # noqa: S102 - multiprocessing's own
    finally:
        os._exit(1)


def leave(code: int) -> NoReturn:
    """End as the interpreter does, except that the memory is left to the system."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError:
        code = 120
    os._exit(code)


def added(path: str) -> list[str]:
    """Return the folders that PYTHONPATH adds; what they hold must not shadow what is imported."""
    folders = [folder for folder in filter(None, path.split(os.pathsep)) if folder not in sys.path]
    names = {found.stem for folder in folders for found in Path(folder).iterdir()}
    if shadowed := names & sys.modules.keys():
        sys.exit(f"not warm: PYTHONPATH has another {', '.join(sorted(shadowed))}")
    return folders


def fixed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what Python reads once, when it starts."""
    read = ("PYTHON", "LANG", "LC_")
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(read) and name != "PYTHONPATH"
    }


if __name__ == "__main__":
    main()
