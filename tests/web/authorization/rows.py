"""
What each column gets as an answer, for every route and method: the rows of the matrix.

`out` is for everybody who is not signed in, `elsewhere` for those who are but have no
business in the circle; `but` names the exceptions.
"""

from tests.web.authorization import (
    rows_busy,
    rows_feeds,
    rows_inbound,
    rows_polls,
    rows_rota,
    rows_schedule,
    rows_session,
)
from tests.web.authorization.row import Row, post_for_all, public

CIRCLE = {"name": "Lantern", "seats": 12}
PASSKEY = {"challenge_id": "made up", "credential": {}}


PAGES = (
    *map(
        public,
        (
            "/",
            "/signin",
            "/in",
            "/home",
            "/circles/new",
            "/circles/{circle}",
            "/circles/{circle}/book",
            "/series/{series}",
            "/a",
            "/feed",
            "/calendars",
            "/j",
            "/room",
            "/after",
            "/privacy",
            "/help",
            "/bye",
            "/api/schema",
            "/api/schema/openapi.json",
            "/healthz",
        ),
    ),
    public("/api/schema/{path}", 404, at="/api/schema/redoc"),
    public("/assets/{name}", 404, at="/assets/none.js"),
    public("/favicon.svg", 404, at="/favicon.svg"),
    public("/manifest.webmanifest", 404, at="/manifest.webmanifest"),
    public("/open.css", 404, at="/open.css"),
    # This house is not on localhost.
    public("/dev/mail", 404),
    public("/dev/mail/{name}", 404, at="/dev/mail/any.eml"),
)

SIGNING_IN = (
    post_for_all("/api/signin", 202, {"address": "new@example.org"}),
    post_for_all("/api/signin/look", 410, {"token": "{token}"}),
    post_for_all("/api/signin/link", 410, {"token": "{token}"}),
    post_for_all("/api/signin/passkey/options", 200, {}),
    post_for_all("/api/signin/passkey", 400, PASSKEY),
    post_for_all("/api/signout", 204, {}),
    post_for_all("/api/exit", 204, {}),
)

ME = (
    public("/api/me"),
    Row("PATCH", "/api/me", 401, 200, 200, 200, {"name": "Nobody"}),
    Row(
        "DELETE",
        "/api/me",
        401,
        204,
        204,
        409,
    ),
    Row("GET", "/api/me/export", 401, 200, 200, 200),
    Row("GET", "/api/me/signins", 401, 200, 200, 200),
    Row("DELETE", "/api/me/signins/{device}", 401, 404, 404, 204),
    Row("GET", "/api/me/next", 401, 200, 200, 200),
    Row("GET", "/api/me/passkeys", 401, 200, 200, 200),
    Row("POST", "/api/me/passkeys/options", 401, 200, 200, 200, {}),
    Row("POST", "/api/me/passkeys", 401, 400, 400, 400, PASSKEY),
    Row("DELETE", "/api/me/passkeys/{key}", 401, 404, 404, 204),
)

CIRCLES = (
    Row("GET", "/api/circles", 401, 200, 200, 200),
    Row("POST", "/api/circles", 401, 201, 201, 201, CIRCLE),
    Row("GET", "/api/circles/{circle}", 401, 404, 200, 200),
    Row("PATCH", "/api/circles/{circle}", 401, 404, 403, 200, CIRCLE),
    Row("PUT", "/api/circles/{circle}/agreement", 401, 404, 403, 200, {"text": "Kinder."}),
    Row("GET", "/api/circles/{circle}/members", 401, 404, 403, 200),
    Row("DELETE", "/api/circles/{circle}/members/{member}", 401, 404, 403, 204),
    Row("POST", "/api/circles/{circle}/leave", 401, 404, 204, 409, {}),
    Row("PUT", "/api/circles/{circle}/busy", 401, 404, 403, 204, {"shown": True}),
    Row(
        "POST",
        "/api/circles/{circle}/invitations",
        401,
        404,
        403,
        201,
        {"addresses": ["new@example.org"]},
    ),
    public("/api/open-circles"),
    # The facilitator's circle is not open, so asking it is asking for nothing.
    post_for_all("/api/open-circles/{circle}/ask", 404, {"address": "new@example.org"}),
)

LINKS = (
    # Somebody of another circle has a ticket too; it leads to their own door.
    Row(
        "POST",
        "/api/join/look",
        404,
        404,
        404,
        404,
        {"ticket": "{token}"},
        but={"ticket holder": 200, "member of another circle": 200},
    ),
    Row(
        "POST",
        "/api/join",
        404,
        404,
        404,
        404,
        {"ticket": "{token}", "name": "Kim", "agreement": 1},
        but={"ticket holder": 200, "member of another circle": 200},
    ),
    post_for_all("/api/seat/pass", 401, {}),
    post_for_all("/api/seat/leave", 204, {}),
)

ROWS: tuple[Row, ...] = (
    PAGES
    + SIGNING_IN
    + ME
    + CIRCLES
    + rows_schedule.ROWS
    + LINKS
    + rows_session.ROWS
    + rows_feeds.ROWS
    + rows_busy.ROWS
    + rows_rota.ROWS
    + rows_polls.ROWS
    + rows_inbound.ROWS
)
