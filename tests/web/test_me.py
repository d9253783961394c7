"""What concerns the person who is signed in, and nobody else."""

import json

from tests.house import House, token_in
from tests.web.tables import everything


async def test_a_stranger_is_nobody(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.get("/api/me")

    assert answer.status_code == 200
    assert answer.json()["person"] is None


async def test_what_is_taken_along_holds_no_secret(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.book(circle)
        await dana.invite(circle, "bo@example.org")
        feed = (await dana.get("/api/me/feeds")).json()["all"]["url"].rpartition("/")[2]
        taken = await dana.get("/api/me/export")
        [cookie] = dana.client.cookies.values()

    assert taken.json()["address"] == "dana@example.org"
    assert "bo@" not in taken.text
    assert feed.removesuffix(".ics") not in taken.text
    assert cookie not in taken.text
    assert not {"digest", "ticket_hash", "public_key"} & set(
        json.dumps(taken.json()).split('"')
    )


async def test_whoever_deletes_themselves_is_gone_with_their_links(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        await dana.sign_in("dana@example.org")
        circle = (await dana.make_circle())["id"]
        await dana.book(circle)
        await dana.invite(circle, "bo@example.org")
        [letter] = await house.letters(to="bo@example.org")
        person = await bo.sign_in("bo@example.org")
        feed = (await bo.get("/api/me/feeds")).json()["all"]["url"]

        gone = await bo.delete("/api/me")

        assert gone.status_code == 204
        assert (await bo.get("/api/me")).json()["person"] is None
        assert (await bo.get(feed)).status_code == 404
        for page, path in (("j", "/api/join/look"), ("a", "/api/answer/look")):
            field = "ticket" if page == "j" else "token"
            answer = await bo.post(path, {field: token_in(letter, page)})
            assert answer.status_code == 404
    stored = repr(await everything(house.inside.database))
    assert person["id"] not in stored


async def test_a_device_is_signed_out_from_another(house: House) -> None:
    async with house.browser() as laptop, house.browser() as phone:
        for browser in (laptop, phone):
            await browser.sign_in("dana@example.org")
        devices = (await laptop.get("/api/me/signins")).json()
        [other] = [device["id"] for device in devices if not device["current"]]

        assert (await laptop.delete(f"/api/me/signins/{other}")).status_code == 204
        assert (await phone.get("/api/me")).json()["person"] is None
        assert (await laptop.get("/api/me")).json()["person"] is not None


async def test_names_cannot_pose_as_others(house: House) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        answer = await dana.patch("/api/me", {"name": "  \u202eanaD\u2069\x00\r\n  Levi  "})

    assert answer.json()["name"] == "anaD Levi"
