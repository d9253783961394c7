"""Answering by the personal link of a mail."""

from tests.house import Browser, House, token_in


async def invited(house: House, dana: Browser, address: str = "bo@example.org") -> str:
    """The answer link of somebody who was invited to a circle with a series."""
    await dana.sign_in("dana@example.org")
    circle = (await dana.make_circle())["id"]
    await dana.book(circle)
    await dana.invite(circle, address)
    return token_in((await house.letters(to=address))[-1], "a")


async def test_a_link_names_its_person_masked_and_nobody_else(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        token = await invited(house, dana)
        answer = await bo.post("/api/answer/look", {"token": token})

    assert answer.json()["person"] == "b…@e….org"
    assert "dana" not in answer.text.lower()
    assert "bo@example.org" not in answer.text


async def test_looking_again_and_again_answers_nothing(house: House) -> None:
    async with house.browser() as dana, house.browser() as scanner:
        token = await invited(house, dana)
        for _ in range(3):
            look = (await scanner.post("/api/answer/look", {"token": token})).json()

    assert {date["answer"] for date in look["dates"]} == {None}
    assert set(look["whole"].values()) == {None}


async def test_the_last_word_counts_and_one_date_stays_as_it_was_answered(
    house: House,
) -> None:
    async with house.browser() as dana, house.browser() as bo:
        token = await invited(house, dana)
        look = (await bo.post("/api/answer/look", {"token": token})).json()
        first, second, *_ = look["dates"]
        about = {"token": token, "series": first["series"]}
        await bo.post("/api/answer", {**about, "original": first["original"], "answer": "no"})
        await bo.post("/api/answer", {**about, "answer": "yes"})
        seen = (await bo.post("/api/answer", {**about, "answer": "maybe"})).json()

    assert [date["answer"] for date in seen["dates"][:2]] == ["no", "maybe"]
    assert seen["whole"] == {second["series"]: "maybe"}


async def test_a_link_answers_for_no_other_circle(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        token = await invited(house, dana)
        other = await dana.book((await dana.make_circle())["id"])
        answer = await bo.post(
            "/api/answer", {"token": token, "series": other["id"], "answer": "yes"}
        )

    assert answer.status_code == 404


async def test_a_link_signs_nobody_in(house: House) -> None:
    async with house.browser() as dana, house.browser() as bo:
        token = await invited(house, dana)
        answer = await bo.post("/api/answer/look", {"token": token})
        person = (await bo.get("/api/me")).json()["person"]

    assert "set-cookie" not in answer.headers
    assert person is None
