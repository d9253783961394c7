"""How much a phone has to load before somebody can join: everything, gzipped."""

import gzip
from pathlib import Path
from typing import NamedTuple

import msgspec

from sessions.web.pages import STATIC

SHELL = "index.html"
JOIN = "src/pages/Join.svelte"


class Chunk(msgspec.Struct, frozen=True):
    """One entry of Vite's manifest."""

    file: str
    is_entry: bool = msgspec.field(name="isEntry", default=False)
    imports: tuple[str, ...] = ()
    css: tuple[str, ...] = ()


class Weight(NamedTuple):
    files: int
    kilobytes: float


def join_page() -> Weight | None:
    """Nothing when the pages are not built."""
    path = STATIC / ".vite" / "manifest.json"
    if not path.exists():
        return None
    chunks = msgspec.json.decode(path.read_bytes(), type=dict[str, Chunk])
    entries = [name for name, chunk in chunks.items() if chunk.is_entry]
    needed = {SHELL}
    for name in _with_imports(chunks, [*entries, JOIN]):
        needed |= {chunks[name].file, *chunks[name].css}
    return Weight(len(needed), sum(_gzipped(STATIC / file) for file in needed) / 1000)


def _with_imports(chunks: dict[str, Chunk], names: list[str]) -> set[str]:
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(chunks[name].imports)
    return found


def _gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), compresslevel=6))
