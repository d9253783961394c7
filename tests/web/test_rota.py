"""Who facilitates, over HTTP: nobody but facilitators reads a name."""

from typing import Any, NamedTuple

from tests.house import Browser, House

BO, CY = "bo@example.org", "cy@example.org"


async def shared(house: House, dana: Browser) -> tuple[str, str]:
    """A circle that Dana and Bo facilitate in turns: circle and series."""
    await dana.sign_in("dana@example.org")
    await dana.patch("/api/me", {"name": "Danaë"})
    circle = (await dana.make_circle())["id"]
    series = (await dana.book(circle))["id"]
    await dana.invite(circle, BO, CY)
    members = (await dana.get(f"/api/circles/{circle}/members")).json()
    by_initial = {member["address"][0]: member["id"] for member in members}
    await dana.patch(
        f"/api/circles/{circle}/members/{by_initial['b']}", {"role": "facilitator"}
    )
    async with house.browser() as bo:
        await bo.sign_in(BO)
        accepted = await bo.post(f"/api/circles/{circle}/offer/accept")
        assert accepted.json()["role"] == "facilitator"
    order = [by_initial["d"], by_initial["b"]]
    await dana.put(f"/api/series/{series}/rota", {"order": order})
    await house.letters()  # what is mailed later is the latest
    return circle, series


def names(rota: dict[str, Any]) -> list[str | None]:
    return [date["name"] for date in rota["dates"]]


async def test_facilitators_see_who_has_which_date(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        _, series = await shared(house, dana)
        await bo.sign_in(BO)
        rota = (await bo.get(f"/api/series/{series}/rota?dates=3")).json()

    assert names(rota) == ["Danaë", "b…@e….org", "Danaë"]
    assert [date["mine"] for date in rota["dates"]] == [False, True, False]
    assert [person["name"] for person in rota["order"]] == ["Danaë", "b…@e….org"]
    assert rota["more"]


async def test_participants_read_no_name_anywhere(house: House) -> None:
    async with house.browser() as dana, house.browser() as cy:
        circle, series = await shared(house, dana)
        await cy.sign_in(CY)
        answers = [
            await cy.get(path)
            for path in (
                f"/api/circles/{circle}",
                f"/api/circles/{circle}/series",
                f"/api/series/{series}",
                f"/api/series/{series}/rota",
                "/api/me/next",
            )
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 403, 200]
    assert not any("Danaë" in answer.text for answer in answers)


async def test_a_swap_is_asked_and_accepted(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        _, series = await shared(house, dana)
        await bo.sign_in(BO)
        path = f"/api/series/{series}/rota"
        dates = (await dana.get(path)).json()["dates"]
        wanted = {"mine": dates[0]["original"], "theirs": dates[1]["original"]}
        asked = (await dana.post(f"{path}/swaps", wanted)).json()
        [swap] = (await bo.get(path)).json()["swaps"]
        swapped = (await bo.post(f"{path}/swaps/{swap['id']}/accept")).json()

    assert [one["by_me"] for one in asked["swaps"]] == [True]
    assert (swap["asker"], swap["of_me"]) == ("Danaë", True)
    assert names(swapped)[:3] == ["b…@e….org", "Danaë", "Danaë"]
    assert [date["by"] for date in swapped["dates"][:3]] == ["swap", "swap", "order"]
    assert swapped["swaps"] == []


async def test_too_many_dates_are_too_many(house: House) -> None:
    async with house.browser() as dana:
        _, series = await shared(house, dana)
        answer = await dana.get(f"/api/series/{series}/rota?dates=1000")

    assert answer.status_code == 400


async def test_who_has_said_yes_meanwhile_is_not_set_back_by_a_list_that_is_old(
    house: House,
) -> None:
    async with house.browser(language="he") as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        await bo.sign_in("bo@example.org")
        offer = await offered(dana, "bo@example.org")
        await bo.post(f"/api/circles/{offer.circle}/offer/accept")
        refused = await dana.delete(f"{offer.path}/offer")
        [seen] = (await bo.get("/api/circles")).json()

    assert (refused.status_code, refused.headers["content-language"]) == (409, "he")
    assert refused.json()["type"] == "/problems/offer_accepted"
    assert seen["role"] == "facilitator"


async def test_offers_end_with_the_account_of_somebody_who_facilitated(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo, house.browser() as cy:
        await dana.sign_in("dana@example.org")
        await bo.sign_in("bo@example.org")
        await cy.sign_in("cy@example.org")
        circle = (await offered(dana, "bo@example.org")).circle
        await bo.post(f"/api/circles/{circle}/offer/accept")
        await dana.invite(circle, "cy@example.org")
        members = (await bo.get(f"/api/circles/{circle}/members")).json()
        [asked] = [one["id"] for one in members if one["address"].startswith("c")]
        await bo.patch(f"/api/circles/{circle}/members/{asked}", {"role": "facilitator"})
        await bo.delete("/api/me")
        late = await cy.post(f"/api/circles/{circle}/offer/accept")

    assert (late.status_code, late.json()["type"]) == (409, "/problems/not_offered")


class Offered(NamedTuple):
    circle: str
    path: str
    """Of the one who is asked."""


async def offered(dana: Browser, address: str) -> Offered:
    circle = (await dana.make_circle())["id"]
    await dana.invite(circle, address)
    members = (await dana.get(f"/api/circles/{circle}/members")).json()
    [member] = [one["id"] for one in members if one["role"] == "member"]
    path = f"/api/circles/{circle}/members/{member}"
    await dana.patch(path, {"role": "facilitator"})
    return Offered(circle, path)
