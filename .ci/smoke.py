"""What must hold of an installed hashwalk, tried outside the checkout.

Run as ``python -I smoke.py`` with the environment's ``bin`` folder first in the PATH.
"""

import importlib
import json
import subprocess
from importlib.resources import files
from pathlib import Path

from hashwalk.registry import formats, registry
from hashwalk.testing import Example, conformance_checks

PACKAGES = ("hashwalk", "hashwalk_formats", "hashwalk_bench")


def run(*arguments: str) -> str:
    """Run the installed command and return what it printed."""
    done = subprocess.run(["hashwalk", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def main() -> None:
    """Raise unless the packages, the command and the conformance kit work."""
    for package in PACKAGES:
        module = importlib.import_module(package)
        if "site-packages" not in str(module.__file__):
            raise SystemExit(f"{package} comes from {module.__file__}, not from the wheel")
        if not files(package).joinpath("py.typed").is_file():
            raise SystemExit(f"{package} has no py.typed")
    if registry().problems():
        raise SystemExit(f"broken formats: {registry().problems()}")
    listed = [card["id"] for card in json.loads(run("formats", "--json"))["formats"]]
    if listed != sorted(formats()):
        raise SystemExit("`hashwalk formats` does not list every format")
    Path("note.bin").write_bytes(b"abc")
    print(run("--version"), run("hash", "-f", "sha256", "note.bin"), sep="")
    example = Example("d41d8cd98f00b204e9800998ecf8427e", source="RFC 1321, A.5", of=b"")
    checked = list(conformance_checks("md5", examples=[example]))
    for check in checked:
        check()
    print(f"{len(listed)} formats; md5 passes {len(checked)} conformance checks")


if __name__ == "__main__":
    main()
