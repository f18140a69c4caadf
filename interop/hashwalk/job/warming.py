"""Imported last by the server that workers fork from: loads the compiled loops for them all."""

from __future__ import annotations

from contextlib import suppress

from hashwalk.compiled import load_compiled

with suppress(Exception):  # a worker that cannot load them says why
    load_compiled()
