"""What a run was made of, and what its transforms do, in words."""

from __future__ import annotations

import tomllib

from hashwalk_bench.errors import SuiteError
from hashwalk_bench.run.manifest import Manifest
from hashwalk_bench.suites.grammar import read_calls
from hashwalk_bench.transforms import Medium, describe


def made(manifest: Manifest) -> dict[str, object]:
    """Return versions, seed, suite and machine of a run; no path."""
    circumstances = manifest.not_reproducible
    return {
        "hashwalk": manifest.hashwalk,
        "versions": {"hashwalk": manifest.hashwalk, **manifest.libraries},
        "formats": {name: entry.version for name, entry in manifest.formats.items()},
        "seed": manifest.seed,
        "suite": {"name": manifest.suite.name, "sha256": manifest.suite.sha256},
        "parameters": dict(manifest.parameters),
        "machine": {
            "processor": circumstances.machine,
            "cpus": circumstances.processors,
            "system": circumstances.system,
            "python": circumstances.python,
            "workers": circumstances.workers,
        },
        "date": circumstances.finished[:10],
    }


def transform_words(manifest: Manifest) -> dict[str, str]:
    """Return what each call of the run's suite does, by id; nothing of a suite not known here."""
    try:
        tables = tomllib.loads(manifest.suite.text)
        calls = [call for medium in Medium for call in read_calls(tables.get(medium, []), medium)]
        return {call.id: describe(call) for call in calls}
    except (tomllib.TOMLDecodeError, SuiteError):
        return {}
