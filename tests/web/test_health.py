"""Whether the server can do its work."""

from sqlalchemy import text

from tests.house import House


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
