"""A body that the API takes, filled in well, and where to send it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Form:
    method: str
    path: str
    body: Mapping[str, Any]
    needed: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"
