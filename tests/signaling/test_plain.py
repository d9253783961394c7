import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import plain

FORBIDDEN = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


@given(st.text())
def test_nothing_that_turns_text_around_is_left(text: str) -> None:
    assert not FORBIDDEN & set(plain.lines(text))
    assert all(each >= " " or each in "\n\t" for each in plain.lines(text))


@pytest.mark.parametrize(
    "text", ["שלום עולם", "مرحبا", "a\u200fb", "👩‍👩‍👧", "zero\u200cwidth"]
)
def test_what_languages_need_stays(text: str) -> None:
    assert plain.lines(text) == plain.line(text) == text


def test_a_name_is_one_line() -> None:
    assert plain.line("Ann\n\tfacilitator") == "Ann facilitator"
