import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.text import clean_line, clean_text


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("  a  b\t c ", "a b c"),
        ("a\r\nb\rc\nd", "a b c d"),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a b c d e f"),
        ("a\x00b\x1bc\x7fd\x9f", "abcd"),
        ("\u202edlrow\u202c \u2066x\u2069", "dlrow x"),
        ("שלום עולם", "שלום עולם"),
        ("👩\u200d👧 e\u0301", "👩\u200d👧 e\u0301"),
        ("\ud800x\udfff", "x"),
        ("\u202e\x00 \n", ""),
    ],
)
def test_a_line_keeps_its_words_and_loses_what_could_deceive(written: str, line: str) -> None:
    assert clean_line(written) == line


def test_a_text_keeps_its_lines() -> None:
    assert clean_text(" one\r\n\r\ntwo\u2028three\x07 ") == "one\n\ntwo\nthree"


@given(st.text(st.characters()))
def test_cleaning_again_changes_nothing_and_never_makes_it_longer(text: str) -> None:
    for clean in (clean_line, clean_text):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        assert len(cleaned) <= len(text)
        cleaned.encode()
    assert len(clean_line(text).splitlines()) <= 1
