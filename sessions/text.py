"""What people write, made safe to show to others; never changed in meaning."""

import re

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Bidi embeddings, overrides and isolates: with them a name can pose as another."""
SURROGATES = re.compile("[\ud800-\udfff]")
LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
SPACES = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """One line: no controls, no direction marks, single spaces."""
    return SPACES.sub(" ", clean_text(text)).strip()


def clean_text(text: str) -> str:
    """Several lines, separated by `\\n`."""
    text = LINE_BREAKS.sub("\n", text)
    return SURROGATES.sub("", DIRECTIONS.sub("", CONTROLS.sub("", text))).strip()
