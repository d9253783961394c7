"""Words that people wrote, without what could make them look like something else."""

import re

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\t\n]+")


def lines(text: str) -> str:
    """Several lines may stay several lines; their direction is left to the reader's browser."""
    return _INVISIBLE.sub("", text).strip()


def line(text: str) -> str:
    return _BREAKS.sub(" ", lines(text)).strip()
