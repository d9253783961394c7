"""The server that browsers talk to: a real process, which can be killed and started again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import httpx

from tests.house import find_token
from tests.machine.ports import free_port
from tests.machine.waiting import eventually


class Server:
    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = folder / "server.log"
        self._data = folder / "data"
        self._clock = folder / "clock"
        self._env = {
            **os.environ,
            "RONDA_DATA": str(self._data),
            "RONDA_PORT": str(self.port),
            "RONDA_TEST_CLOCK": str(self._clock),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.server"], env=self._env, stdout=log, stderr=log
            )
        eventually(self._answers, "the server answers")

    def kill(self) -> None:
        """kill -9: it gets no chance to say goodbye to anybody."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def set_clock(self, *, ahead: float) -> None:
        self._clock.write_text(str(ahead))

    def demo(self, zone: str = "Asia/Jerusalem") -> dict[str, Any]:
        command = [
            str(Path(sys.executable).with_name("ronda")),
            "demo",
            "--json",
            "--zone",
            zone,
        ]
        done = subprocess.run(
            command, env=self._env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        made: dict[str, Any] = json.loads(done.stdout)
        return made

    def invite_one_more(self, demo: dict[str, Any]) -> str:
        """The link of somebody whom the demonstration's facilitator invites as well."""
        token = self.link(to=demo["facilitator"], page="in").partition("#")[2]
        with httpx.Client(base_url=self.url, headers={"Origin": self.url}) as facilitator:
            signed_in = facilitator.post("/api/signin/link", json={"token": token})
            # Browsers take localhost for safe and send the cookie; httpx has to be told.
            cookie = {"Cookie": signed_in.headers["set-cookie"].partition(";")[0]}
            facilitator.post(
                f"/api/circles/{demo['circle']}/invitations",
                json={"addresses": ["one.more@example.org"]},
                headers=cookie,
            ).raise_for_status()
        return self.link(to="one.more@example.org", page="j")

    def letters(self, to: str) -> list[EmailMessage]:
        """Mail to one address, oldest first."""
        paths = sorted((self._data / "mail").glob("*.eml"), key=lambda p: p.stat().st_mtime_ns)
        read = BytesParser(policy=policy.default).parsebytes
        return [letter for path in paths if (letter := read(path.read_bytes()))["To"] == to]

    def link(self, *, to: str, page: str) -> str:
        """The newest link to that page mailed to somebody; waits for it."""

        def newest() -> str | None:
            tokens = [find_token(letter, page) for letter in self.letters(to=to)]
            return next((token for token in reversed(tokens) if token), None)

        return f"{self.url}/{page}#{eventually(newest, f'mail to {to} with /{page}')}"

    def log(self) -> str:
        return self._log.read_text()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log()
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def running_server(folder: Path, **settings: str) -> Iterator[Server]:
    server = Server(folder, **settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()
