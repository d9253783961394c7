"""Feeds, and what is open to all the world."""

from tests.web.authorization.row import Row, public

ROWS = (
    Row("GET", "/api/me/feeds", 401, 200, 200, 200),
    Row("POST", "/api/me/feeds/all/rotate", 401, 200, 200, 200, {}),
    Row("DELETE", "/api/me/feeds/all", 401, 204, 204, 204),
    Row("POST", "/api/me/feeds/{circle}/rotate", 401, 404, 200, 200, {}),
    Row("DELETE", "/api/me/feeds/{circle}", 401, 404, 204, 204),
    Row(
        "GET",
        "/feed/{file}",
        404,
        404,
        404,
        404,
        at="/feed/{token}.ics",
        but={"feed holder": 200},
    ),
    # The facilitator's circle is not open: it is as if it were not there.
    public("/open/{name}", 404, at="/open/{circle}"),
    public("/meetings.json"),
)
