"""Print a constraints file: the exact version of everything that the extras resolve to.

Run from the repository's root by ``make lock``; it asks pip, and installs nothing.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

EXTRAS = "bench,cluster,dev,heic,iscc,jxl,oracles"
HEADER = """\
# Exact versions of everything hashwalk installs, with all its extras: a decoder's or a
# library's version can change a hash. Made by `make lock`; used by `make setup` as
# `pip install -c constraints.txt`.
"""


def resolve() -> dict[str, str]:
    """Return the version of each distribution, by name in lower case."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
        pip += ["--ignore-installed", "--report", str(report), f".[{EXTRAS}]"]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        found = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    return {item["name"].lower().replace("_", "-"): item["version"] for item in found}


def main() -> None:
    """Print the file."""
    versions = resolve()
    del versions["hashwalk"]
    lines = [f"{name}=={versions[name]}" for name in sorted(versions)]
    print(HEADER + "\n".join(lines))


if __name__ == "__main__":
    main()
