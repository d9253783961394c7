import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.messages import (
    CLIENT_KINDS,
    Chat,
    Hello,
    Refused,
    Said,
    Unreadable,
    decode,
    encode,
)


def refused(text: str) -> Refused:
    with pytest.raises(Unreadable) as caught:
        decode(text)
    return caught.value.refused


def answer_to(text: str) -> str | None:
    """What a refusal names, if it is one; anything but a refusal would be an error."""
    try:
        decode(text)
    except Unreadable as error:
        return error.refused.command
    return None


def test_the_type_is_the_class_name_in_lower_case() -> None:
    assert decode('{"type":"chat","text":"hello"}') == Chat("hello")
    assert json.loads(encode(Said("ann", "Ann", "hello", 1.5)))["type"] == "said"


def test_a_newer_client_may_say_more_in_its_first_message() -> None:
    assert decode('{"type":"hello","version":9,"token":"t","more":1}') == Hello(9, "t")


def test_a_client_that_names_no_page_is_heard_all_the_same() -> None:
    assert decode('{"type":"hello","version":1,"token":"t"}') == Hello(1, "t", page="")


@pytest.mark.parametrize("page", ["a b", "../a", "x" * 65, "א"])
def test_a_page_is_a_plain_word(page: str) -> None:
    hello = {"type": "hello", "version": 1, "token": "t", "page": page}

    assert refused(json.dumps(hello)).command == "hello"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"type":5}',
        '{"type":"unheard"}',
        '{"type":"' + "x" * 1000 + '"}',
        "[" * 1000 + "]" * 1000,
        "[" * 60_000,
        '{"a":' * 10_000,
        '{"type":"waiting"}',
        '{"type":"chat","text":' + "[" * 1000 + "]" * 1000 + "}",
        "\ud800",
    ],
)
def test_noise_is_refused_without_an_echo(text: str) -> None:
    assert refused(text) == Refused("", "bad_message")


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"chat"}',
        '{"type":"chat","text":5}',
        '{"type":"chat","text":""}',
        '{"type":"chat","text":"hello","to":"ann"}',
    ],
)
def test_a_known_message_that_is_wrong_is_named(text: str) -> None:
    assert refused(text) == Refused("chat", "bad_message")


@pytest.mark.parametrize("half", [r"\ud800", r"\udfff", r"x\ud83dx"])
def test_half_a_character_is_refused(half: str) -> None:
    assert refused('{"type":"chat","text":"' + half + '"}').reason == "bad_message"


def test_too_long_is_said_so() -> None:
    long = json.dumps({"type": "chat", "text": "x" * 2001})

    assert refused(long) == Refused("chat", "too_long")
    assert isinstance(decode(long.replace("xx", "x", 1)), Chat)


@pytest.mark.parametrize("seat", ["", "a b", "a\n", "../a", "x" * 65, "א"])
def test_a_seat_is_a_plain_word(seat: str) -> None:
    assert refused(json.dumps({"type": "admit", "seat": seat})).command == "admit"


def test_numbers_stay_in_bounds() -> None:
    candidate = {"type": "candidate", "to": "a", "candidate": "", "mid": None, "fragment": None}

    for index in (-1, 1024, 10**30, 0.5):
        assert refused(json.dumps({**candidate, "index": index})).command == "candidate"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert answer_to(text) in {None, "", *CLIENT_KINDS}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from(sorted(CLIENT_KINDS)),
    st.sampled_from(["seat", "to", "text", "up", "sdp", "token"]),
)
def test_any_json_is_read_or_refused(value: object, kind: str, field: str) -> None:
    assert answer_to(json.dumps({"type": kind, field: value})) in {None, "", kind}
