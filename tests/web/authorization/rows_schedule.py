"""Series are seen by everybody in the circle and changed by those who facilitate it."""

from tests.web.authorization.row import Row

PATTERN = {
    "start": "2026-03-17T19:00:00",
    "zone": "Asia/Jerusalem",
    "minutes": 75,
    "rule": {"weekdays": ["TU"]},
}
WEEKLY = PATTERN | {"title": "Evening circle"}
SERIES = "/api/series/{series}"
DATE = f"{SERIES}/occurrences/{{original}}"
SPAN = "?after=2026-03-01T00:00:00Z&before=2026-04-01T00:00:00Z"
CHANGE = {"scope": "one", "original": "{original}", "minutes": 60}

ROWS = (
    Row("GET", "/api/circles/{circle}/series", 401, 404, 200, 200),
    Row("POST", "/api/circles/{circle}/series", 401, 404, 403, 201, WEEKLY),
    Row("GET", SERIES, 401, 404, 200, 200),
    Row("GET", f"{SERIES}/dates", 401, 404, 200, 200, at=f"{SERIES}/dates{SPAN}"),
    Row("POST", f"{SERIES}/change", 401, 404, 403, 200, CHANGE),
    Row("POST", f"{SERIES}/cancel", 401, 404, 403, 200, {}),
    Row("POST", f"{SERIES}/restore", 401, 404, 403, 200, {}),
    Row("POST", f"{SERIES}/extra", 401, 404, 403, 201, {"start": "2026-03-19T18:00:00"}),
    Row("POST", f"{SERIES}/clone", 401, 404, 403, 201, {"start": "2027-03-17T19:00:00"}),
    Row("POST", f"{DATE}/cancel", 401, 404, 403, 200, {}),
    Row("POST", f"{DATE}/restore", 401, 404, 403, 200, {}),
    Row("POST", "/api/preview", 401, 200, 200, 200, PATTERN | {"zones": ["UTC"]}),
)
