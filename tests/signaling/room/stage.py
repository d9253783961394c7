"""Plays a room by hand and keeps, for every line, what was told to it."""

from collections import defaultdict

from signaling.messages import Bye, Command, Role, ServerMessage
from signaling.reports import Report
from signaling.room.happenings import Dismiss, Entered, Happening, Heard, Lost, Tell, Woke
from signaling.room.rules import step
from signaling.room.state import LineId, Plan, Room, Visitor, restore, snapshot

NOW = 1_790_000_000.0


class Stage:
    def __init__(self, *, capacity: int = 4, direct: bool = True) -> None:
        self.now = NOW
        self.plan = Plan(
            title="Tuesday circle", direct=direct, capacity=capacity, closes_at=NOW + 3600
        )
        self.room = Room(name="tea", plan=self.plan)
        self.reports: list[Report] = []
        self._heard: dict[LineId, list[ServerMessage]] = defaultdict(list)
        self._lines = 0

    def enter(
        self,
        seat: str,
        *,
        role: Role = "member",
        device: str = "",
        page: str = "",
        name: str = "",
        lobby: bool = True,
    ) -> LineId:
        self._lines += 1
        visitor = Visitor(
            line=self._lines,
            seat=seat,
            device=device or f"device-of-{seat}",
            page=page,
            name=name or seat.title(),
            role=role,
            lobby=lobby,
        )
        self.happen(Entered(visitor, self.plan))
        return self._lines

    def host(self, seat: str = "fay") -> LineId:
        return self.enter(seat, role="facilitator")

    def guest(self, seat: str, *, page: str = "") -> LineId:
        """Somebody who is in without having been asked to wait."""
        return self.enter(seat, page=page, lobby=False)

    def say(self, line: LineId, command: Command) -> None:
        self.happen(Heard(line, command))

    def lose(self, line: LineId) -> None:
        self.happen(Lost(line))

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        self.happen(Woke())

    def restart(self) -> None:
        self.room = restore(snapshot(self.room), self.now)

    def happen(self, happening: Happening) -> None:
        self.room, events = step(self.room, happening, self.now)
        for event in events:
            match event:
                case Tell(to, message):
                    for line in to:
                        self._heard[line].append(message)
                case Dismiss(to, reason):
                    for line in to:
                        self._heard[line].append(Bye(reason))
                case _:
                    self.reports.append(event)

    def heard(self, line: LineId) -> list[ServerMessage]:
        """What this line was told since it was asked last."""
        return self._heard.pop(line, [])

    def all_heard(self) -> dict[LineId, list[ServerMessage]]:
        heard, self._heard = dict(self._heard), defaultdict(list)
        return heard

    def hush(self) -> None:
        self._heard.clear()

    @property
    def admitted(self) -> list[str]:
        return [seat.id for seat in self.room.seats]
