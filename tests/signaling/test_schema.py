from typing import get_args

from signaling import messages, schema


def test_every_message_is_in_the_typescript() -> None:
    text = schema.typescript()

    for union in (messages.ClientMessage, messages.ServerMessage):
        for each in get_args(union):
            assert (
                f"export interface {each.__name__} {{\n\ttype: '{each.__name__.lower()}';"
                in text
            )


def test_two_runs_write_the_same() -> None:
    assert schema.typescript() == schema.typescript()


def test_the_written_file_is_up_to_date() -> None:
    assert schema.TARGET.read_text(encoding="utf-8") == schema.typescript()


def test_optional_fields_and_choices_are_kept() -> None:
    text = schema.typescript()

    assert "\tusername?: string;\n" in text
    assert "\tmid: string | null;\n" in text
    assert "\trole: Role;\n" in text
    assert "\tpeers: Peer[];\n" in text
