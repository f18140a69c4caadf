"""Imported last by the server that workers fork from: loads the compiled loops that are kept.

Those that are not are compiled by the workers, which may be ended at any time.
"""

from __future__ import annotations

from hashwalk.compiled import load_kept

load_kept()
