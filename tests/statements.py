"""What a piece of code asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine


@contextmanager
def asked_of(*targets: Engine | Connection) -> Iterator[list[str]]:
    """The statements, as they come."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    for target in targets:
        event.listen(target, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for target in targets:
            event.remove(target, "before_cursor_execute", note)
