"""Stand-ins that run, for what stands at the rim of the house: the post and its weather."""

import asyncio
from collections.abc import Iterable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import chain, repeat
from typing import Literal, NamedTuple

from sessions.mail import Refused, Unreachable, Unsure

Weather = Literal["fine", "put off", "refused", "word lost", "killed"]


class Killed(BaseException):
    """The process ends here, as by `kill -9`: nobody gets to clean up."""


class Delivered(NamedTuple):
    message: bytes
    sender: str
    to: str

    @property
    def mail(self) -> EmailMessage:
        return BytesParser(policy=policy.default).parsebytes(self.message)

    @property
    def calendar(self) -> bytes:
        """The `text/calendar` part."""
        [part] = [p for p in self.mail.walk() if p.get_content_type() == "text/calendar"]
        content: bytes = part.get_payload(decode=True)  # type: ignore[assignment]
        return content


class Pigeon:
    """A mailer that remembers; the weather tells, flight by flight, what becomes of it."""

    def __init__(self, weather: Iterable[Weather] = ()) -> None:
        self.delivered: list[Delivered] = []
        self.flights = 0
        self._weather: Iterator[Weather] = chain(weather, repeat("fine"))

    async def send(self, message: bytes, *, sender: str, to: str) -> None:
        self.flights += 1
        await asyncio.sleep(0)  # others get a turn, as with a real connection
        weather = next(self._weather)
        if weather == "put off":
            raise Unreachable("The mail server answered 451.")
        if weather == "refused":
            raise Refused(550)
        self.delivered.append(Delivered(message, sender, to))
        if weather == "word lost":
            raise Unsure("SMTPServerDisconnected")
        if weather == "killed":
            raise Killed

    def to(self, address: str) -> list[Delivered]:
        return [letter for letter in self.delivered if letter.to == address]
