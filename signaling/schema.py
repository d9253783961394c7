"""
Write the messages as TypeScript: `python -m signaling.schema [file]`.

Small on purpose: it knows the JSON schema that msgspec makes of our messages, not JSON schema.
The order is that of the Python file, so two runs give the same bytes.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import msgspec

from signaling import messages

TARGET = Path(__file__).parent.parent / "frontend/src/lib/room/messages.gen.ts"
HEAD = """\
/**
 * The protocol between browser and room.
 * Written by `python -m signaling.schema` from signaling/messages.py: change it there.
 */
"""
WIDTH = 110
TAB = 2

UNIONS = {
    "ClientMessage": messages.ClientMessage,
    "ServerMessage": messages.ServerMessage,
}
ALIASES = {
    "Role": messages.Role,
    "RefusalReason": messages.RefusalReason,
    "ByeReason": messages.ByeReason,
}

Schema = dict[str, Any]


def typescript() -> str:
    _, components = msgspec.json.schema_components(UNIONS.values())
    ordered = sorted(components, key=list(vars(messages)).index)
    parts = [
        HEAD,
        f"export const VERSION = {messages.VERSION};\n",
        *(_union(name, _quoted(get_args(alias))) for name, alias in ALIASES.items()),
        *(_interface(name, components[name]) for name in ordered),
        *(_union(name, (e.__name__ for e in get_args(u))) for name, u in UNIONS.items()),
    ]
    return "\n".join(parts)


def _interface(name: str, schema: Schema) -> str:
    required = set(schema.get("required", ()))
    fields = [
        f"\t{field}{'' if field in required or field == 'type' else '?'}: {_type(of)};\n"
        for field, of in schema["properties"].items()
    ]
    return f"{_comment(schema)}export interface {name} {{\n{''.join(fields)}}}\n"


def _comment(schema: Schema) -> str:
    said = schema.get("description")
    return f"/** {' '.join(said.split())} */\n" if said else ""


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return _enum(tuple(schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    if schema["type"] == "array":
        return f"{_type(schema['items'])}[]"
    return PLAIN[schema["type"]]


PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def _enum(values: tuple[str, ...]) -> str:
    """Use the alias where there is one; JSON schema has sorted the values."""
    for name, alias in ALIASES.items():
        if set(get_args(alias)) == set(values):
            return name
    return " | ".join(_quoted(values))


def _union(name: str, choices: Iterable[str]) -> str:
    """Lay a union out as Prettier does, so that the file is at rest under `make check`."""
    choices = tuple(choices)
    flat = " | ".join(choices)
    if len(f"export type {name} = {flat};") <= WIDTH:
        return f"export type {name} = {flat};\n"
    if len(flat) + TAB + 1 <= WIDTH:
        return f"export type {name} =\n\t{flat};\n"
    return f"export type {name} =" + "".join(f"\n\t| {each}" for each in choices) + ";\n"


def _quoted(values: Iterable[str]) -> list[str]:
    return [f"'{value}'" for value in values]


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else TARGET
    target.write_text(typescript(), encoding="utf-8")
