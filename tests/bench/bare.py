"""
What the house is compared with: one handler, no database, served just as Ronda is.

`python -m tests.bench.bare`; how fast it is says how fast this machine is at the moment.
"""

import os

from litestar import Litestar, get
from litestar.datastructures import State

from sessions.server import run_server
from sessions.settings import Settings


class NoRooms:
    def say_restarting(self) -> None:
        pass


@get("/healthz", sync_to_thread=False)
def bare() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    app = Litestar([bare], state=State({"rooms": NoRooms()}), logging_config=None)
    run_server(app, Settings.from_env(os.environ))
