"""Stands for one run of the command line, which the warm server forks; ends as that does.

Its streams, folder and environment are those of the run; SIGINT and SIGTERM are passed on,
and SIGUSR1 as SIGKILL, so that it ends when the run has been killed.
Started as ``python -I -S warm_client.py SOCKET ARGUMENT...``, it imports next to nothing.
"""

import marshal
import os
import signal
import sys
from _socket import AF_UNIX, SCM_RIGHTS, SOCK_SEQPACKET, SOL_SOCKET, socket

SIGNALS = {
    signal.SIGINT: signal.SIGINT,
    signal.SIGTERM: signal.SIGTERM,
    signal.SIGUSR1: signal.SIGKILL,
}


def main() -> None:
    """Ask for the run, and end with its exit code or by its signal."""
    server = socket(AF_UNIX, SOCK_SEQPACKET)
    server.connect(sys.argv[1])
    run = marshal.dumps((sys.argv[2:], os.getcwd(), dict(os.environb)))  # noqa: PTH109 - pathlib costs
    server.sendmsg([run], [(SOL_SOCKET, SCM_RIGHTS, b"".join(map(_as_c_int, range(3))))])
    pid = int(server.recv(100))
    for number in SIGNALS:
        signal.signal(number, lambda number, _frame: _send(pid, signal.Signals(number)))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    code = int(server.recv(100))
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # it has ended: there is nothing to stop any more
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def _send(pid: int, received: signal.Signals) -> None:
    try:
        os.kill(pid, SIGNALS[received])
    except ProcessLookupError:
        return  # it has just ended: its exit code is on its way


def _as_c_int(number: int) -> bytes:
    return number.to_bytes(4, sys.byteorder)


if __name__ == "__main__":
    main()
