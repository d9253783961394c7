"""Calendars that people keep elsewhere, and days off."""

from tests.web.authorization.row import Row
from tests.web.forms_busy import CALENDAR

ROWS = (
    Row("GET", "/api/me/calendars", 401, 200, 200, 200),
    Row("POST", "/api/me/calendars", 401, 201, 201, 201, CALENDAR),
    Row("DELETE", "/api/me/calendars/{calendar}", 401, 404, 404, 204),
    Row("POST", "/api/me/calendars/{calendar}/refresh", 401, 404, 404, 202, {}),
    Row("GET", "/api/holidays/countries", 401, 200, 200, 200),
    Row(
        "GET",
        "/api/holidays",
        401,
        200,
        200,
        200,
        at="/api/holidays?country=IL&from=2026-09-01&to=2026-10-31",
    ),
)
