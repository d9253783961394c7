"""Public holidays, for whoever plans a series."""

import asyncio
from datetime import date
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from sessions import days_off
from sessions.language import accepted
from sessions.web.given import AnyRequest, Me
from sessions.web.shapes.busy import CountryView, DayOffView

First = Annotated[date, QueryParameter(name="from")]
Last = Annotated[date, QueryParameter(name="to")]


class DaysOffController(Controller):
    path = "/api/holidays"
    tags = ("days off",)

    @get("/countries", summary="Countries whose public holidays are known")
    async def countries(
        self, me: NamedDependency[Me], request: AnyRequest
    ) -> list[CountryView]:
        locale = accepted(request.headers.get("accept-language", ""))
        # In a thread: the first question imports a large package.
        found = await asyncio.to_thread(days_off.countries, locale)
        return [CountryView(code=country.code, name=country.name) for country in found]

    @get("/", summary="Public holidays of a country")
    async def listed(
        self,
        me: NamedDependency[Me],
        request: AnyRequest,
        country: FromQuery[str],
        first: First,
        last: Last,
    ) -> list[DayOffView]:
        locale = accepted(request.headers.get("accept-language", ""))
        found = await asyncio.to_thread(
            days_off.days_off, country, first=first, last=last, locale=locale
        )
        return [DayOffView(day=one.day, name=one.name) for one in found]
