"""Who may facilitate, and whose turn it is: for facilitators alone."""

from tests.web.authorization.row import Row, public

NOBODY = "00000000-0000-4000-8000-000000000000"
SWAP = {"mine": "{original}", "theirs": "2026-03-31T19:00:00"}

ROWS = (
    public("/series/{series}/rota"),
    Row(
        "PATCH",
        "/api/circles/{circle}/members/{member}",
        401,
        404,
        403,
        204,
        {"role": "facilitator"},
    ),
    Row("DELETE", "/api/circles/{circle}/members/{member}/offer", 401, 404, 403, 204),
    # Nobody asks the member, and whoever facilitates has said yes already.
    Row("POST", "/api/circles/{circle}/offer/accept", 401, 404, 409, 200, {}),
    Row("POST", "/api/circles/{circle}/offer/decline", 401, 404, 200, 200, {}),
    Row("GET", "/api/series/{series}/rota", 401, 404, 403, 200),
    Row("PUT", "/api/series/{series}/rota", 401, 404, 403, 200, {"order": [], "every": 2}),
    Row(
        "PUT", "/api/series/{series}/rota/{original}", 401, 404, 403, 200, {"membership": None}
    ),
    Row("DELETE", "/api/series/{series}/rota/{original}", 401, 404, 403, 200),
    # Nobody has a date yet, so there is nothing to be left out, or to be swapped.
    Row("POST", "/api/series/{series}/rota/{original}/skip", 401, 404, 403, 409, {}),
    Row("POST", "/api/series/{series}/rota/swaps", 401, 404, 403, 409, SWAP),
    Row(
        "POST",
        "/api/series/{series}/rota/swaps/{swap}/accept",
        401,
        404,
        403,
        404,
        {},
        at="/api/series/{series}/rota/swaps/" + NOBODY + "/accept",
    ),
    Row(
        "POST",
        "/api/series/{series}/rota/swaps/{swap}/decline",
        401,
        404,
        403,
        404,
        {},
        at="/api/series/{series}/rota/swaps/" + NOBODY + "/decline",
    ),
)
