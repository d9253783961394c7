import socket


def free_port() -> int:
    """A port that nobody listens on now; what is started there next gets it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
