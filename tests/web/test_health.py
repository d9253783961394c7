"""Whether the server can do its work."""

from pathlib import Path

from sqlalchemy import text

from sessions.app import create_app
from sessions.keys import Keys
from sessions.settings import Settings
from tests.conftest import SetClock
from tests.house import PUBLIC_URL, House
from tests.machine.ports import free_port


async def test_a_server_with_its_database_is_well(house: House) -> None:
    async with house.browser() as proxy:
        answer = await proxy.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_asking_for_its_health_writes_nothing_and_names_nothing(house: House) -> None:
    async with house.browser() as proxy:
        answer = await proxy.get("/healthz")
        async with house.inside.database.engine.connect() as connection:
            rows = (await connection.execute(text("SELECT count(*) FROM spent"))).scalar_one()

    assert rows == 0
    assert set(answer.json()) == {"status"}


async def test_a_database_that_is_away_is_said_to_be_and_worth_another_try(
    tmp_path: Path, keys: Keys, clock: SetClock
) -> None:
    nobody = f"postgresql://ronda@127.0.0.1:{free_port()}/ronda"
    settings = Settings(data=tmp_path, public_url=PUBLIC_URL, database_url=nobody)
    house = House(create_app(settings, keys, clock))
    async with house.browser(language="he") as guest:
        answers = [
            await guest.get("/healthz"),
            await guest.post("/api/answer/look", {"token": "x"}),
        ]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert {answer.headers["retry-after"] for answer in answers} == {"5"}
    assert "השרת" in answers[0].json()["detail"]
