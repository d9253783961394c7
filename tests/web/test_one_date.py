"""What holds for one date is its own, or else its series', wherever it is shown."""

from typing import Any

from tests.house import Browser, House, token_in


async def changed(house: House, dana: Browser, **wish: Any) -> tuple[str, str]:
    """The second date of a story circle, changed for itself; its address, and its start."""
    await dana.sign_in("dana@example.org")
    circle = (await dana.make_circle())["id"]
    series = await dana.book(circle, agenda="story", seats=8)
    await dana.invite(circle, "bo@example.org")
    original = series["next"][1]["original"]
    about = {"scope": "one", "original": original}
    answer = await dana.post(f"/api/series/{series['id']}/change", about | wish)
    assert answer.status_code == 200, answer.text
    return f"/api/series/{series['id']}/dates/{original}", original


async def test_its_own_title_stands_on_every_page_that_names_it(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        address, original = await changed(house, dana, title="By the lake")
        token = token_in((await house.letters(to="bo@example.org"))[0], "a")
        seen = [
            (await dana.get(address)).json()["title"],
            *_titles((await dana.get("/api/me/next")).json(), original),
            *_titles(
                (await bo.post("/api/answer/look", {"token": token})).json()["dates"], original
            ),
        ]

    assert seen == ["By the lake"] * 3


async def test_a_date_may_go_without_the_agenda_of_its_series(house: House) -> None:
    async with house.browser() as dana:
        address, _ = await changed(house, dana, agenda="")
        seen = (await dana.get(address)).json()

    assert seen["agenda"] == ""


async def test_a_date_has_the_places_of_its_series_until_it_has_its_own(house: House) -> None:
    async with house.browser() as dana:
        address, _ = await changed(house, dana, title="By the lake")
        before = (await dana.get(address)).json()["occurrence"]["seats"]
        series = address.split("/")[3]
        about = {"scope": "one", "original": address.rpartition("/")[2], "seats": 5}
        await dana.post(f"/api/series/{series}/change", about)
        after = (await dana.get(address)).json()["occurrence"]["seats"]

    assert (before, after) == (8, 5)


def _titles(dates: list[dict[str, Any]], original: str) -> list[str]:
    return [date["title"] for date in dates if date["original"] == original]
