import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 20.0

T = TypeVar("T")


def eventually(condition: Callable[[], T | None], what: str, *, within: float = PATIENCE) -> T:
    """Wait for the condition to hold, looking again and again; gives what it gave."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.05)
    return found
