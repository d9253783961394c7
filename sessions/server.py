"""How uvicorn serves us, and how it stops: people in rooms hear of it first."""

import socket
import sys

import uvicorn
from litestar import Litestar

from sessions.settings import Settings

SOCKET_LIMIT = 64 * 1024
PING_SECONDS = 10.0
DRAIN_SECONDS = 10
SWITCH_SECONDS = 0.001
"""
After which a thread that works something out lets the event loop have its turn: packets of
calls are forwarded in the same process, and Python's own five milliseconds would be heard.
"""


class Server(uvicorn.Server):
    """Tells rooms of a restart before uvicorn closes their sockets without a word."""

    def __init__(self, app: Litestar, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._rooms = app.state.rooms

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._rooms.say_restarting()
        await super().shutdown(sockets)


def run_server(app: Litestar, settings: Settings) -> None:
    """Until SIGINT or SIGTERM. Raises `OSError` when the port is taken."""
    sys.setswitchinterval(SWITCH_SECONDS)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        log_config=None,  # all goes through `logs`, which leaves the words of errors out
        access_log=False,  # paths hold secrets
        log_level="warning",  # below it, names and addresses are logged
        server_header=False,
        ws_max_size=SOCKET_LIMIT,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        forwarded_allow_ips=settings.trusted_proxies,
    )
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        Server(app, config).run(sockets=[listener])
