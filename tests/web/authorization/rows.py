"""
What each column gets as an answer, for every route and method: the rows of the matrix.

`out` is for everybody who is not signed in, `elsewhere` for those who are but have no
business in the circle; `but` names the exceptions.
"""

from tests.web.authorization.row import Row, post_for_all, public

PATTERN = {
    "start": "2026-03-17T19:00:00",
    "zone": "Asia/Jerusalem",
    "minutes": 75,
    "rule": {"weekdays": ["TU"]},
}
WEEKLY = PATTERN | {"title": "Evening circle"}
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
    Row("GET", "/api/me/feed", 401, 200, 200, 200),
    Row("POST", "/api/me/feed/rotate", 401, 200, 200, 200, {}),
    Row("GET", "/api/me/next", 401, 200, 200, 200),
    Row(
        "POST",
        "/api/me/answers",
        401,
        404,
        204,
        204,
        {"series": "{series}", "original": "{original}", "answer": "yes"},
    ),
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

SERIES = (
    Row("GET", "/api/circles/{circle}/series", 401, 404, 200, 200),
    Row("POST", "/api/circles/{circle}/series", 401, 404, 403, 201, WEEKLY),
    Row("GET", "/api/series/{series}", 401, 404, 200, 200),
    Row("POST", "/api/series/{series}/cancel", 401, 404, 403, 200, {}),
    Row(
        "PUT",
        "/api/series/{series}/occurrences/{original}",
        401,
        404,
        403,
        200,
        {"to": "2026-03-18T18:00:00"},
    ),
    Row("DELETE", "/api/series/{series}/occurrences/{original}", 401, 404, 403, 200),
    Row("POST", "/api/series/{series}/occurrences/{original}/restore", 401, 404, 403, 200, {}),
    Row("POST", "/api/preview", 401, 200, 200, 200, PATTERN | {"zones": ["UTC"]}),
)

LINKS = (
    Row(
        "POST",
        "/api/answer/look",
        404,
        404,
        404,
        404,
        {"token": "{token}"},
        but={"answer link holder": 200},
    ),
    Row(
        "POST",
        "/api/answer",
        404,
        404,
        404,
        404,
        {"token": "{token}", "series": "{series}", "answer": "yes"},
        but={"answer link holder": 200},
    ),
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
)

ROWS: tuple[Row, ...] = PAGES + SIGNING_IN + ME + CIRCLES + SERIES + LINKS
