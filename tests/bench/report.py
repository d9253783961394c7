"""The lines of the table."""

import os
from collections.abc import Iterable, Iterator

from tests.bench.asking import CONNECTIONS
from tests.bench.furnish import Size
from tests.bench.measures import CrowdResult, HttpResult, Times
from tests.bench.servers import Running
from tests.bench.weights import Weight
from tests.bench.writing import Written

COLUMNS = "{:<32}{:>12}{:>11}{:>11}{:>10}"
WRITING = "{:<24}" + "{:>11}" * 5


def where(size: Size) -> str:
    return (
        f"{os.cpu_count()} cores, shared with those who ask; load {os.getloadavg()[0]:.1f} "
        f"before; SQLite\n{size.circles} circles × {size.people} people × {size.series} "
        f"series; {CONNECTIONS} connections\n"
    )


def head() -> str:
    return COLUMNS.format("", "per second", "p50 ms", "p99 ms", "of bare")


def http_row(name: str, result: HttpResult, *, bare: float) -> str:
    """`bare` is what the bare handler did per second at about the same time."""
    ratio = f"{result.per_second / bare:.2f}"
    return _row(name, result.per_second, result.times, ratio) + _trouble(result)


def _trouble(result: HttpResult) -> str:
    if not result.statuses:
        return "  wrong: nothing answered in time"
    wrong = {code: count for code, count in result.statuses.items() if code[0] not in "23"}
    return f"  wrong: {wrong}" if wrong else ""


def crowd_row(result: CrowdResult, size: Size, *, seconds: float) -> str:
    name = f"chat relayed, {size.rooms * size.seats} sockets"
    return _row(name, result.heard / seconds, result.times, "")


def crowd_words(result: CrowdResult, size: Size, server: Running) -> str:
    lost = result.said * size.seats - result.heard
    return (
        f"\n{size.rooms * size.seats} people in {size.rooms} rooms: all in after "
        f"{result.entered_seconds:.1f} s; {result.said:,} lines said, {result.heard:,} heard, "
        f"{lost} lost; the server takes {server.megabytes:.0f} MB"
    )


def writing(measured: Iterable[Written]) -> Iterator[str]:
    """`plain` is what icalendar alone takes to write the same events."""
    yield WRITING.format(
        "\nfeed, written", "plain ms", "fresh ms", "for others", "memory", "of plain"
    )
    for feed in measured:
        yield WRITING.format(
            f"{feed.events:,} events, {feed.kilobytes:,.0f} kB",
            *(
                f"{each:,.2f}"
                for each in (feed.plain, feed.fresh, feed.for_others, feed.from_memory)
            ),
            f"{feed.fresh / feed.plain:.2f}",
        )


def start(server: Running, bare: Running) -> str:
    return f"Start to serving: {server.start_seconds:.1f} s (bare {bare.start_seconds:.1f} s)"


def join_page(weight: Weight | None) -> str:
    if weight is None:
        return "Join page: not built (make build)"
    return (
        f"Join page, first visit: {weight.files} files, {weight.kilobytes:.1f} kB gzipped, "
        "fonts not counted"
    )


def _row(name: str, per_second: float, times: Times, ratio: str) -> str:
    figures = f"{per_second:,.0f}", f"{times.p50:.1f}", f"{times.p99:.1f}"
    return COLUMNS.format(name, *figures, ratio)
