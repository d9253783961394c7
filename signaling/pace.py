"""How fast one socket may talk."""

from collections.abc import Callable

from signaling.messages import Candidate, Chat, ClientMessage, Describe


class Bucket:
    """Tokens that come back with time; whoever has none left is too fast."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._at = clock()

    def take(self) -> bool:
        now = self._clock()
        grown = self._tokens + max(0.0, now - self._at) * self._rate
        self._tokens, self._at = min(self._burst, grown), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Pace:
    """
    Three measures, so that a burst of candidates does not silence anybody's words.

    `patience` is for what is refused: when it ends, so does the connection.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._paths = Bucket(50, 200, clock)
        self._words = Bucket(5, 10, clock)
        self._gestures = Bucket(10, 40, clock)
        self._patience = Bucket(1, 50, clock)

    def allows(self, message: ClientMessage) -> bool:
        return self._bucket(message).take()

    def has_patience(self) -> bool:
        return self._patience.take()

    def _bucket(self, message: ClientMessage) -> Bucket:
        match message:
            case Describe() | Candidate():
                return self._paths
            case Chat():
                return self._words
            case _:
                return self._gestures
