"""Series: planned, booked and changed."""

from tests.web.form import Form

PATTERN = {
    "start": "2026-03-10T19:00:00",
    "zone": "Asia/Jerusalem",
    "minutes": 75,
    "rule": {
        "frequency": "weekly",
        "weekdays": ["TU"],
        "interval": 1,
        "count": 5,
        "week_start": "SU",
    },
}
TIMED = frozenset({"start", "zone", "minutes"})
SCOPED = frozenset({"scope"})


def forms(circle: str, series: str, original: str) -> list[Form]:
    plan = {
        **PATTERN,
        "title": "Evening circle",
        "seats": 8,
        "agenda": "check_in",
        "skip": ["2026-03-17T19:00:00"],
    }
    here = f"/api/series/{series}"
    date = f"{here}/occurrences/{original}"
    one = {"scope": "one", "original": original, "to": "2026-03-18T18:00:00", "dry": True}
    later = {
        "scope": "following",
        "original": original,
        "title": "Another evening",
        "zone": "Europe/London",
        "minutes": 60,
        "rule": PATTERN["rule"],
        "seats": 6,
        "agenda": "silent",
    }
    extra = {"start": "2026-03-19T18:00:00", "minutes": 60, "title": "Once more"}
    copy = {"start": "2026-05-12T19:00:00", "circle": circle}
    plain = frozenset({"start"})
    return [
        Form("POST", f"/api/circles/{circle}/series", plan, TIMED | {"title"}),
        Form("POST", f"{date}/cancel", {"dry": True}),
        Form("POST", f"{date}/restore", {"dry": True}),
        Form("POST", f"{here}/change", one, SCOPED),
        Form("POST", f"{here}/change", later, SCOPED),
        Form("POST", f"{here}/extra", {**extra, "dry": True}, plain),
        Form("POST", f"{here}/clone", copy, plain),
        Form("POST", f"{here}/cancel", {"dry": True}),
        Form("POST", f"{here}/restore", {"dry": False}),
        Form(
            "POST",
            "/api/preview",
            {**PATTERN, "zones": ["UTC"], "count": 3, "skip": [], "circle": circle},
            TIMED,
        ),
    ]
