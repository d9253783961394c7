"""HEAD answers like GET, and neither changes anything."""

import pytest
from litestar.routes import HTTPRoute

from tests.house import House
from tests.web.tables import everything


async def readings(house: House) -> list[str]:
    """Every address that can be read, filled with what is there."""
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        series = await dana.book(circle["id"])
        feed = (await dana.get("/api/me/feeds")).json()["all"]["url"].rpartition("/")[2]
    names = {
        "circle": circle["id"],
        "series": series["id"],
        "original": series["next"][0]["original"],
        "poll": circle["id"],
        "file": feed,
        "name": "any",
        "path": "any",
    }
    return [
        route.path_format.format_map(names)
        for route in house.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "GET" in handler.http_methods
    ]


async def test_reading_changes_nothing_and_head_is_get_without_a_body(house: House) -> None:
    paths = await readings(house)
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        # A calendar's first visit of a day is written down, and that it was there only.
        feed = next(path for path in paths if path.endswith(".ics"))
        assert (await dana.get(feed)).status_code == 200
        await house.letters()
        before = await everything(house.inside.database)
        for path in paths:
            first, again = await dana.get(path), await dana.get(path)
            head = await dana.client.head(path)
            assert first.content == again.content
            assert (head.status_code, head.content) == (first.status_code, b""), path
            assert head.headers == first.headers

    assert await everything(house.inside.database) == before
    assert len(paths) > 35


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_head_of_what_can_only_be_changed_changes_nothing(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        answer = await dana.client.head("/api/signout")

        assert answer.status_code == 405
        assert (await dana.get("/api/me")).json()["person"] is not None
