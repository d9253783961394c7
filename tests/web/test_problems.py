"""
Whatever is sent, the answer is a problem document that a person understands.

Never a crash, and never half a change: what was refused left the database as it was.
"""

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx
import pytest

from sessions.language import LOCALES
from sessions.web import problems
from sessions.web.problems import STATUS
from tests.house import Browser, House
from tests.web.form import Form
from tests.web.forms import changed, forms_of, leaves
from tests.web.tables import everything

JSON = {"Content-Type": "application/json"}
NOISE = {
    "nothing": b"",
    "no JSON": b"{",
    "two values": b"{}{}",
    "null": b"null",
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"1",
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "overlong UTF-8": b'{"name": "\xc0\x80"}',
    "half a surrogate": b'{"name": "\\ud800"}',
    "the other half": b'{"name": "a\\udfffb"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "not a number": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "a zero byte": b'{"name": "\x00"}',
    "1,000 deep": b"[" * 1000 + b"]" * 1000,
    "30,000 deep": b"[" * 30_000,
    "deep inside": b'{"name": ' + b'{"a":' * 10_000,
}
TOO_MUCH = {
    "100,000 deep": b"[" * 100_000,
    "a long string": b'{"name": "' + b"a" * 65_536 + b'"}',
    "much space": b" " * 65_537,
}


class Desk:
    """Sends bodies of every kind as a facilitator, and watches what it changes."""

    def __init__(self, house: House, dana: Browser, forms: list[Form]) -> None:
        self.house = house
        self.dana = dana
        self.forms = forms

    async def send(self, form: Form, body: Any) -> httpx.Response:
        """As text, so that what `json` would refuse to write can be sent."""
        content = json.dumps(body, ensure_ascii=True).encode()
        return await self.send_bytes(form, content)

    async def send_bytes(self, form: Form, content: bytes) -> httpx.Response:
        return await self.dana.client.request(
            form.method, form.path, content=content, headers=JSON
        )

    async def refuse(self, form: Form, bodies: Iterable[Any]) -> None:
        """None of them is taken, each is explained, and nothing has changed."""
        before = await everything(self.house.inside.database)
        for body in bodies:
            answer = await self.send(form, body)
            fields = explained(answer).get("fields", {})
            assert fields, (form.name, body, answer.text)
        assert await everything(self.house.inside.database) == before


@pytest.fixture
async def desk(house: House) -> AsyncIterator[Desk]:
    async with house.browser() as dana:
        forms = await forms_of(house, dana)
        await house.letters()
        yield Desk(house, dana, forms)


def explained(answer: httpx.Response, *, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["type"].startswith("/problems/")
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


async def test_what_is_no_form_is_refused(desk: Desk) -> None:
    before = await everything(desk.house.inside.database)
    for form in desk.forms:
        for name, content in NOISE.items():
            answer = await desk.send_bytes(form, content)
            assert answer.status_code == 400, (form.name, name, answer.text)
            explained(answer)
        for content in TOO_MUCH.values():
            explained(await desk.send_bytes(form, content), status=413)

    assert await everything(desk.house.inside.database) == before


async def test_too_much_is_refused_before_all_of_it_has_come(desk: Desk) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b" " * 8192

    answer = await desk.dana.client.post("/api/circles", content=endless(), headers=JSON)

    explained(answer, status=413)
    assert sent < 20


async def test_an_unknown_field_is_named(desk: Desk) -> None:
    for form in desk.forms:
        document = explained(await desk.send(form, {**form.body, "is_admin": True}))
        assert document["fields"].keys() == {"is_admin"}, form.name


async def test_a_missing_field_is_named(desk: Desk) -> None:
    for form in desk.forms:
        for name in form.needed:
            body = {key: value for key, value in form.body.items() if key != name}
            document = explained(await desk.send(form, body))
            assert document["fields"].keys() == {name}, form.name
            assert document["fields"][name] == "Please fill this in."


WRONG_KINDS: tuple[Any, ...] = ({"a": 1}, [[]], [None])


async def test_a_field_of_the_wrong_kind_is_named(desk: Desk) -> None:
    before = await everything(desk.house.inside.database)
    for form in desk.forms:
        for name in form.body.keys() - {"credential"}:
            for wrong in WRONG_KINDS:
                answer = await desk.send(form, {**form.body, name: wrong})
                assert explained(answer)["fields"].keys() == {name}, form.name

    assert await everything(desk.house.inside.database) == before


STRINGS = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\U0010ffff\ufffe",
    "\u202eevil",
    "a\r\nBcc: x@example.org",
    "' OR 1=1 --",
    "%s%n{0}{name}",
    "../../etc/passwd",
    " ",
    "",
    "x" * 10_000,
    "é" * 300,
)
NUMBERS = (-1, 0, 2**31, 2**63, 2**64, -(2**63), 10**30, 10**300, 1e308, -0.5)
TIMES = (
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+23:59",
    "2026-03-10",
    "2026-02-30T19:00:00",
    "2026-03-10T24:00:00",
    "2026-03-10T19:00:00.000001",
    "19:00",
    "-2026-03-10T19:00:00",
)


def strange(at: str | int, good: Any) -> tuple[Any, ...]:
    """What somebody might put where something good stood."""
    if at in ("start", "to", "original"):
        return (*TIMES, *STRINGS[:3], None)
    return (*(NUMBERS if isinstance(good, int) else STRINGS), True, None)


async def test_nothing_that_stands_in_a_field_breaks_anything(desk: Desk) -> None:
    for form in desk.forms:
        for at, good in leaves(form.body):
            before = await everything(desk.house.inside.database)
            taken = [
                await is_taken(desk, form, changed(form.body, at, value))
                for value in strange(at[-1], good)
            ]
            if not any(taken):
                after = await everything(desk.house.inside.database)
                assert after == before, (form.name, at)


async def is_taken(desk: Desk, form: Form, body: Any) -> bool:
    answer = await desk.send(form, body)
    assert answer.status_code < 500, (form.name, body)
    if answer.status_code < 400:
        return True
    explained(answer, status=answer.status_code)
    return False


async def test_a_date_that_cannot_be_is_a_problem_of_its_field(desk: Desk) -> None:
    for form in desk.forms:
        for name in form.body.keys() & {"start", "to"}:
            await desk.refuse(form, [{**form.body, name: time} for time in TIMES])


async def test_a_field_is_named_as_the_form_names_it(desk: Desk) -> None:
    """What a rule says about `start` concerns `to` where a date is moved."""
    move = next(form for form in desk.forms if "to" in form.body)
    preview = next(form for form in desk.forms if "zones" in form.body)

    seconds = explained(await desk.send(move, {**move.body, "to": "2026-03-18T18:00:07"}))
    zone = explained(await desk.send(preview, {**preview.body, "zones": ["Mars/Base"]}))

    assert seconds["fields"].keys() == {"to"}
    assert zone["fields"].keys() == {"zones"}


@pytest.mark.parametrize("original", ["0001-01-01", "9999-12-31T23:59:59", "x", "%00", "2026"])
async def test_a_date_that_never_was_is_not_found(desk: Desk, original: str) -> None:
    of_a_date = next(form.path for form in desk.forms if "/occurrences/" in form.path)
    path = f"{of_a_date.partition('/occurrences/')[0]}/occurrences/{original}"

    for act in ("cancel", "restore"):
        explained(await desk.dana.post(f"{path}/{act}"), status=404)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_wrong_method_says_which_are_right(desk: Desk) -> None:
    for form in desk.forms:
        answer = await desk.dana.client.request("TRACE", form.path)
        explained(answer, status=405)
        assert form.method in answer.headers["allow"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("locale", LOCALES)
async def test_a_problem_speaks_the_language_of_the_person(desk: Desk, locale: str) -> None:
    words = {"en": "Please fill this in.", "he": "יש למלא", "ar": "ملء"}
    headers = {"Accept-Language": f"{locale}-XX, en;q=0.1"}
    answer = await desk.dana.client.post("/api/circles", json={}, headers=headers)

    document = explained(answer)
    assert answer.headers["content-language"] == locale
    assert words[locale] in document["fields"]["name"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "header", ["", "xx", "*", "en;q=x", ";;;,,,q=", "he;q=0", "é", "en" * 5000, "-" * 5000]
)
async def test_no_wish_for_a_language_breaks_anything(desk: Desk, header: str) -> None:
    headers = {b"Accept-Language": header.encode("latin-1")}
    answer = await desk.dana.client.post("/api/circles", json={}, headers=headers)

    explained(answer)


def test_every_branch_of_what_can_go_wrong_has_a_status() -> None:
    assert sorted(STATUS.values()) == [400, 401, 403, 404, 409, 410, 429, 503]
    assert set(problems.HANDLERS) >= {Exception}
