"""
Logs without secrets: one JSON line each, never a path, a query, an address or a body.

Requests are logged by the pattern of their route, because paths can hold a feed's secret.
Of an error its kind and its places are logged, never its words: they can quote what
somebody sent, or a row of the database.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import structlog

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
NoExcInfo = tuple[None, None, None]


def configure(*, level: int = logging.INFO) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(places),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlacesFormatter(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class PlacesFormatter(logging.Formatter):
    """For what libraries log."""

    def formatException(self, ei: ExcInfo | NoExcInfo) -> str:  # noqa: N802 - theirs
        return "" if ei[1] is None else places(ei)


def places(exc_info: ExcInfo) -> str:
    return "\n".join(_places(exc_info[1]))


def _places(error: BaseException) -> Iterator[str]:
    """The causes first, as in a traceback."""
    before = error.__cause__ or error.__context__
    if before is not None:
        yield from _places(before)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
    yield type(error).__qualname__
