"""Public holidays, asked for over HTTP."""

import subprocess
import sys

import pytest

from tests.house import House

AUTUMN = "country=IL&from=2026-09-01&to=2026-10-31"


async def test_countries_are_named_in_the_language_of_the_page(house: House) -> None:
    async with house.browser(language="he") as dana:
        await dana.sign_in("dana@example.org")
        countries = (await dana.get("/api/holidays/countries")).json()
    assert {"code": "IL", "name": "ישראל"} in countries
    assert len(countries) > 200


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Yom Kippur"), ("he", "יום כיפור"), ("ar", "يوم الغفران")]
)
async def test_days_are_named_in_it_where_they_have_a_name(
    house: House, language: str, name: str
) -> None:
    async with house.browser(language=language) as dana:
        await dana.sign_in("dana@example.org")
        days = (await dana.get(f"/api/holidays?{AUTUMN}")).json()
    assert {"day": "2026-09-21", "name": name} in days
    assert all("2026-09-01" <= one["day"] <= "2026-10-31" for one in days)


async def test_in_arabic_each_day_of_israel_has_its_arabic_name(house: House) -> None:
    async with house.browser(language="ar") as dana:
        await dana.sign_in("dana@example.org")
        days = (await dana.get("/api/holidays?country=IL&from=2026-01-01&to=2027-12-31")).json()
    assert len(days) >= 18
    assert [one["name"] for one in days if one["name"].isascii()] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("country=XX&from=2026-09-01&to=2026-10-31", "country"),
        ("country=HolidayBase&from=2026-09-01&to=2026-10-31", "country"),
        ("country=__class__&from=2026-09-01&to=2026-10-31", "country"),
        ("country=IL&from=2026-09-01&to=2036-10-31", "to"),
        ("country=IL&from=2026-10-31&to=2026-09-01", "to"),
        ("country=IL&from=0001-01-01&to=0001-02-01", "from"),
        ("country=IL&from=9998-01-01&to=9999-02-01", "from"),
        ("country=IL&from=soon&to=2026-10-31", "first"),
    ],
)
async def test_what_cannot_be_answered_says_which_part(
    house: House, query: str, field: str
) -> None:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        answer = await dana.get(f"/api/holidays?{query}")
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_the_package_is_not_imported_before_somebody_asks() -> None:
    probe = "import sys, sessions.app; print('holidays' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True)
    assert said.stdout.strip() == b"False"
