"""
Runs a program and writes down what it took: `python measured.py <figures> <program> …`

A process of its own, and a small one: a child begins its life with the size of its parent.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path


def main(figures: str, *program: str) -> None:
    subprocess.run(program, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = {"seconds": used.ru_utime + used.ru_stime, "kilobytes": used.ru_maxrss}
    Path(figures).write_text(json.dumps(took))


if __name__ == "__main__":
    main(*sys.argv[1:])
