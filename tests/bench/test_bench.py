"""That `make bench` still runs; how fast anything is is never a test."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.soak
def test_the_bench_measures_everything_and_nothing_goes_wrong() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "wrong" not in done.stdout
    assert "feed, unchanged (304)" in done.stdout
    assert " 0 lost" in done.stdout
