"""Re-hashes media into every format and prints the cross-walk, each command before it is run.

``python -m hashwalk_bench.demo FOLDER [MEDIA]`` keeps the cross-walk in FOLDER; without MEDIA it
draws some into ``FOLDER/media``.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
from pathlib import Path

from hashwalk_bench.samples import write_samples

SOME_FAILED = 3
"""The exit code of a re-hash that is done, but for files that cannot be hashed."""
USAGE = 2

_DIGITS = 8


def crosswalk_name(media: str) -> str:
    """Return a name for the cross-walk of a folder; two folders never share one."""
    folder = os.path.realpath(media)
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()
    return f"crosswalk-{Path(folder).name}-{digest[:_DIGITS]}"


def main(folder: str, media: str = "") -> None:
    """Re-hash `media`, or what is drawn, and print the cross-walk."""
    if media and not Path(media).exists():
        sys.stderr.write(f"demo: there is no {media}: give MEDIA a folder of pictures and clips\n")
        raise SystemExit(USAGE)
    walk = str(Path(folder, crosswalk_name(media) if media else "crosswalk"))
    if not media:
        media = str(Path(folder, "media"))
        write_samples(Path(media))
    _run("rehash", media, "-o", walk, fine=(0, SOME_FAILED))
    _run("crosswalk", "show", walk)
    _run("crosswalk", "coverage", walk)


def _run(*arguments: str, fine: tuple[int, ...] = (0,)) -> None:
    """Print a command as it can be pasted into a shell, and run it."""
    sys.stdout.write(f"\n$ {shlex.join(('hashwalk', *arguments))}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "hashwalk", *arguments]
    code = subprocess.run(command, check=False).returncode  # noqa: S603
    if code not in fine:
        raise SystemExit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
