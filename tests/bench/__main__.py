"""
How fast the house is on this machine, beside a bare handler in the same run.

Absolute figures are those of a busy machine at one moment; the ratios are what compares.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from sessions.clock import system_clock
from sessions.keys import Keys
from sessions.settings import Settings
from tests.bench import asking, report
from tests.bench.furnish import Size, Visitor, furnish, passes
from tests.bench.measures import CrowdJob, CrowdResult, HttpResult, in_a_process
from tests.bench.servers import Running, serving
from tests.bench.weights import join_page
from tests.bench.writing import QUICK_SIZES, SIZES, measure

SECONDS, CROWD_SECONDS = 4.0, 10.0
QUICK_SECONDS = 1.0
QUICK = Size(circles=1, people=4, series=1, rooms=2, seats=4)
RONDA = Path(sys.executable).with_name("ronda")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small, to see that it runs")
    quick: bool = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="ronda-bench.") as folder:
        settings = Settings.from_env({"RONDA_DATA": folder})
        size = QUICK if quick else Size()
        keys, visitors = asyncio.run(furnish(settings, system_clock, size))
        _say(report.where(size))
        with ExitStack() as stack:
            command = [sys.executable, "-m", "tests.bench.bare"]
            bare = stack.enter_context(serving(command, settings.data))
            ronda = stack.enter_context(serving([RONDA, "serve"], settings.data))
            _ask(bare, ronda, visitors, seconds=QUICK_SECONDS if quick else SECONDS)
            _crowd(ronda, keys, size, seconds=1.0 if quick else CROWD_SECONDS)
        for line in report.writing(measure(settings, QUICK_SIZES if quick else SIZES)):
            _say(line)
        _say(report.start(ronda, bare))
        _say(report.join_page(join_page()))


def _ask(bare: Running, ronda: Running, visitors: list[Visitor], *, seconds: float) -> None:
    """The machine changes from one second to the next: each row has its own comparison."""

    def beside() -> HttpResult:
        return asking.load(bare, visitors, asking.health, seconds=seconds / 3)

    first = before = beside()
    _say(report.head())
    _say(report.http_row("bare handler, no database", first, bare=first.per_second))
    for name, result in asking.ask_everything(ronda, visitors, seconds=seconds):
        after = beside()
        _say(report.http_row(name, result, bare=(before.per_second + after.per_second) / 2))
        before = after


def _crowd(ronda: Running, keys: Keys, size: Size, *, seconds: float) -> None:
    tokens = list(passes(keys, size, now=time.time()))
    job = CrowdJob(port=ronda.port, origin=ronda.url, seconds=seconds, passes=tokens)
    result = in_a_process("tests.bench.crowd", job, CrowdResult)
    _say(report.crowd_row(result, size, seconds=seconds))
    _say(report.crowd_words(result, size, ronda))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the terminal is its output


if __name__ == "__main__":
    main()
