"""
The OpenAPI document, held against the running server (property-based, by schemathesis).

The same seed every time: a failure found once is found again.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from sessions.app import create_app
from sessions.keys import Keys
from sessions.settings import Settings
from tests.conftest import SECRET, SetClock
from tests.house import WEEKLY
from tests.machine.ports import free_port

EXAMPLES = hypothesis(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]
GOES_AWAY = ("DELETE /api/me", "POST /api/signout", "POST /api/exit")
"""After them nobody is signed in; and the circle must stay, too."""


class Served(NamedTuple):
    url: str
    token: str
    """Value of the facilitator's sign-in cookie."""
    names: dict[str, str]


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """In a thread, until the block ends."""
    app = create_app(settings, Keys((SECRET,)), SetClock())
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_level="critical")
    )
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        with httpx.Client(
            base_url=settings.public_url, transport=httpx.HTTPTransport(retries=20)
        ) as client:
            client.get("/healthz").raise_for_status()
        yield settings.public_url
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("served")
    (data / "ronda.db").write_bytes(sqlite_template.read_bytes())
    port = free_port()
    settings = Settings(
        data=data,
        port=port,
        public_url=f"http://localhost:{port}",
        database_url=f"sqlite:///{data}/ronda.db",
    )
    with serving(settings) as url, httpx.Client(base_url=url, headers={"Origin": url}) as dana:
        yield Served(url, *sign_in(dana))


def sign_in(dana: httpx.Client) -> tuple[str, dict[str, str]]:
    dana.post("/api/signin", json={"address": "dana@example.org"}).raise_for_status()
    listed = ""
    while "/dev/mail/" not in listed:
        listed = dana.get("/dev/mail").text
    letter = dana.get("/dev/mail/" + listed.split("/dev/mail/")[1].split('"')[0]).text
    token = letter.split("/in#")[1].split('"')[0]
    answer = dana.post("/api/signin/link", json={"token": token})
    value = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    dana.headers["Cookie"] = f"__Host-session={value}"
    circle = dana.post("/api/circles", json={"name": "Lantern"}).json()["id"]
    series = dana.post(f"/api/circles/{circle}/series", json=WEEKLY).json()
    names = {
        "circle": circle,
        "series": series["id"],
        "original": series["next"][1]["original"],
    }
    return value, names


DOCUMENT = create_app(
    Settings(database_url="sqlite://"), Keys((SECRET,)), SetClock()
).openapi_schema.to_schema()
OPERATIONS = {
    operation.label: operation
    for operation in (
        # The document is ours: what cannot be read in it may well fail here.
        result.ok()  # type: ignore[union-attr]
        for result in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    )
}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_stranger_gets_what_the_document_says(
    served: Served, operation: str, mode: GenerationMode
) -> None:
    @EXAMPLES
    @given(OPERATIONS[operation].as_strategy(generation_mode=mode))
    def hold(case: Case[Any]) -> None:
        ask(served, case, {"Origin": served.url})

    with suppress(Unsatisfiable):  # nothing can be wrong about what takes nothing
        hold()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name not in GOES_AWAY])
def test_a_facilitator_gets_what_the_document_says(
    served: Served, operation: str, mode: GenerationMode
) -> None:
    @EXAMPLES
    @given(OPERATIONS[operation].as_strategy(generation_mode=mode))
    def hold(case: Case[Any]) -> None:
        for name in case.path_parameters.keys() & served.names.keys():
            case.path_parameters[name] = served.names[name]
        ask(
            served,
            case,
            {"Origin": served.url, "Cookie": f"__Host-session={served.token}"},
        )

    with suppress(Unsatisfiable):  # nothing can be wrong about what takes nothing
        hold()


def ask(served: Served, case: Case[Any], headers: dict[str, str]) -> None:
    answer = case.call(base_url=served.url, headers=headers)
    case.validate_response(answer, checks=CHECKS)


def test_every_refusal_is_described_as_a_problem() -> None:
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            refusals = {s: r for s, r in operation["responses"].items() if s >= "400"}
            assert refusals
            for refusal in refusals.values():
                assert refusal["content"].keys() == {"application/problem+json"}
