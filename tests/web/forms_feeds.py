from tests.web.form import Form


def forms(circle: str) -> list[Form]:
    return [
        Form("POST", "/api/me/feeds/all/rotate", {}),
        Form("POST", f"/api/me/feeds/{circle}/rotate", {}),
    ]
