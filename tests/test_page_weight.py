"""The way to the door is light: people come by a phone on a poor line."""

import gzip
import json
from pathlib import Path
from typing import Any

from sessions.web.pages import STATIC

JOIN_LIMIT = 60_000
"""Bytes of JavaScript, gzipped, before the room itself is loaded."""
ENTRY, JOIN = "index.html", "src/pages/Join.svelte"

Manifest = dict[str, dict[str, Any]]


def chunks(manifest: Manifest, name: str, seen: set[str]) -> set[str]:
    """The file of this part and of everything that it needs at once."""
    if name in seen:
        return set()
    seen.add(name)
    part = manifest[name]
    needed = (chunks(manifest, other, seen) for other in part.get("imports", ()))
    return {part["file"]}.union(*needed)


def test_the_join_page_is_at_most_60_kb_of_javascript() -> None:
    manifest: Manifest = json.loads((STATIC / ".vite" / "manifest.json").read_text())
    seen: set[str] = set()
    files = chunks(manifest, ENTRY, seen) | chunks(manifest, JOIN, seen)

    weight = sum(len(gzip.compress(Path(STATIC / file).read_bytes())) for file in files)

    assert weight <= JOIN_LIMIT
    assert weight > 10_000, "that cannot be all of it"
