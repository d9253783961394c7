"""Answers that come back by mail, over HTTP and all the way round through real servers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from typing import Any

import httpx
import msgspec
import pytest

from sessions import inbound
from sessions.inbound.collector import Collector
from sessions.keys import Keys
from sessions.settings import Settings
from tests.calendars.app import App, unfolded, value
from tests.conftest import SetClock
from tests.fakes import Delivered
from tests.house import Browser, House, open_house
from tests.machine.imap import Box, mailbox
from tests.machine.smtp import PostOffice, post_office
from tests.sessions.answering import answer_to, google, outlook, plain
from tests.web.forms_inbound import DATE, WISHED, delivered, proposal
from tests.web.tables import everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SECRET = "what only our mail server knows: long"
BO, CY = "bo@example.org", "cy@example.org"
HANDED_OVER = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, inbound_secret=SECRET)


@dataclass
class Scene:
    """Dana facilitates; Bo and Cy have their invitations."""

    house: House
    dana: Browser
    series: dict[str, Any]

    async def answers(self) -> dict[str, str | None]:
        path = f"/api/circles/{self.series['circle']}/members"
        members = (await self.dana.get(path)).json()
        return {member["address"][0]: member["answer"] for member in members}

    async def proposals(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (
            await self.dana.get(f"/api/series/{self.series['id']}/proposals")
        ).json()
        return found

    async def hand_over(self, mail: bytes, **headers: str) -> httpx.Response:
        """As a mail server does: no browser, no cookie, no Origin."""
        async with self.house.browser() as server:
            del server.client.headers["Origin"]
            return await server.client.post(
                "/api/inbound/mail", content=mail, headers=HANDED_OVER | headers
            )


@asynccontextmanager
async def set_up(house: House) -> AsyncIterator[Scene]:
    async with house.browser() as dana:
        await dana.sign_in("dana@example.org")
        circle = await dana.make_circle()
        series = await dana.book(circle["id"])
        await dana.invite(circle["id"], BO, CY)
        yield Scene(house, dana, series)


@pytest.fixture
async def scene(house: House) -> AsyncIterator[Scene]:
    async with set_up(house) as scene:
        yield scene


async def invitation(scene: Scene, to: str = BO) -> Delivered:
    return delivered((await scene.house.letters(to=to))[-1])


class TestWebhook:
    async def test_a_mail_handed_over_is_an_answer(self, scene: Scene) -> None:
        mail = google(answer_to(await invitation(scene), at=scene.house.inside.now))
        handed = await scene.hand_over(mail)

        assert (handed.status_code, handed.content) == (202, b"null")
        assert await scene.answers() == {"d": None, "b": "yes", "c": None}

    async def test_the_same_one_twice_changes_no_more(self, scene: Scene) -> None:
        mail = plain(answer_to(await invitation(scene), at=scene.house.inside.now))
        await scene.hand_over(mail)
        before = await everything(scene.house.inside.database)

        assert (await scene.hand_over(mail)).status_code == 202
        assert await everything(scene.house.inside.database) == before

    async def test_who_it_was_for_may_be_said_beside_it(self, scene: Scene) -> None:
        letter = await invitation(scene)
        answer = answer_to(letter, at=scene.house.inside.now, organizer="list@example.org")
        await scene.hand_over(plain(answer), **{"X-Original-To": letter.sender})

        assert (await scene.answers())["b"] == "yes"

    @pytest.mark.parametrize(
        "mail", [b"", b"\0\xff", b"Hello", b"To: x\r\n\r\n" + b"x" * 200_000]
    )
    async def test_every_mail_is_taken_with_the_same_words(
        self, scene: Scene, mail: bytes
    ) -> None:
        handed = await scene.hand_over(mail, **{"Content-Type": "text/plain"})

        assert (handed.status_code, handed.content) == (202, b"null")

    async def test_but_none_without_end(self, scene: Scene) -> None:
        assert (await scene.hand_over(b"x" * (inbound.MOST_BYTES + 1))).status_code == 413

    @pytest.mark.parametrize(
        "shown",
        ["", "Bearer", f"Bearer {SECRET}x", f"Bearer {SECRET[:-1]}", f"Basic {SECRET}", SECRET],
    )
    async def test_only_our_mail_server_hands_over(self, scene: Scene, shown: str) -> None:
        mail = plain(answer_to(await invitation(scene), at=scene.house.inside.now))
        before = await everything(scene.house.inside.database)
        handed = await scene.hand_over(mail, Authorization=shown)

        assert handed.status_code == 401
        assert await everything(scene.house.inside.database) == before

    async def test_a_page_elsewhere_cannot_even_with_the_secret(self, scene: Scene) -> None:
        handed = await scene.hand_over(b"To: x\r\n\r\n", Origin="https://evil.example")

        assert handed.status_code == 403

    async def test_other_routes_take_json_alone_as_ever(self, scene: Scene) -> None:
        answer = await scene.dana.client.post(
            "/api/circles", content=b"{}", headers={"Content-Type": "message/rfc822"}
        )

        assert answer.status_code == 415


class TestProposals:
    async def test_a_facilitator_sees_and_accepts(self, scene: Scene) -> None:
        id_ = await proposal(scene.house, (await scene.house.letters(to=BO))[-1])
        [shown] = await scene.proposals()
        accepted = await scene.dana.post(f"/api/proposals/{id_}/accept")
        dates = (await scene.dana.get(f"/api/series/{scene.series['id']}")).json()["next"]

        assert shown == {
            "id": id_,
            "name": "b…@e….org",
            "original": "2026-03-17T19:00:00",
            "start": "2026-03-18T18:00:00",
            "minutes": 75,
            "comment": "",
            "at": "2026-03-02T12:00:00Z",
        }
        assert accepted.status_code == 204
        assert dates[1]["local"] == "2026-03-18T18:00:00"
        assert await scene.proposals() == []

    async def test_what_was_decided_is_a_conflict_in_words(self, scene: Scene) -> None:
        id_ = await proposal(scene.house, (await scene.house.letters(to=BO))[-1])
        await scene.dana.post(f"/api/proposals/{id_}/decline")
        again = await scene.dana.post(f"/api/proposals/{id_}/accept")

        assert again.status_code == 409
        assert again.json()["detail"] == "This proposal has been decided already."


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with mailbox() as found:
        yield found


class TestAllTheWayRound:
    """A letter goes out over SMTP; what the app says comes back over IMAP."""

    @pytest.fixture
    async def office(self) -> AsyncIterator[PostOffice]:
        async with post_office() as office:
            yield office

    @pytest.fixture
    async def scene(
        self, settings: Settings, keys: Keys, clock: SetClock, office: PostOffice, box: Box
    ) -> AsyncIterator[Scene]:
        box.clear()
        # Invited before there is a mail server: those letters are read from a folder.
        async with open_house(settings, keys, clock) as house, set_up(house) as scene:
            await house.letters()
            real = msgspec.structs.replace(settings, smtp_url=office.url)
            async with open_house(real, keys, clock) as house:
                cookies = scene.dana.client.cookies
                async with house.browser() as dana:
                    dana.client.cookies = cookies
                    yield Scene(house, dana, scene.series)

    async def _sent(self, scene: Scene, office: PostOffice) -> list[Delivered]:
        """What has left since it was asked last."""
        courier = scene.house.inside.courier
        # The app's own courier may have some in hand.
        while await courier.deliver_everything() or await scene.house._is_leased():  # noqa: ASYNC110
            await asyncio.sleep(0)
        letters, office.letters = office.letters, []
        return letters

    async def _collect(self, scene: Scene, box: Box) -> None:
        inside = scene.house.inside
        clock: Any = inside.clock
        clock.forward(timedelta(seconds=1))
        collector = Collector(
            box.url,
            inside.database,
            inside.keys,
            inside.courier,
            inside.clock,
            us=inside.settings.mail_from,
        )
        assert await collector.collect() == 1
        assert box.flags() == []

    async def _moved(self, scene: Scene, office: PostOffice, app: App) -> Delivered:
        """A date is moved: Bo's app takes the letter that says so."""
        moved = {"original": "2026-03-17T19:00:00", "to": "2026-03-17T20:00:00"}
        path = f"/api/series/{scene.series['id']}/change"
        await scene.dana.post(path, {"scope": "one", **moved})
        [letter] = [sent for sent in await self._sent(scene, office) if sent.to == BO]
        app.take(letter)
        return letter

    async def test_an_answer_a_wish_and_a_question(
        self, scene: Scene, office: PostOffice, box: Box
    ) -> None:
        app = App()
        known = await invited(scene)
        app.take(known)
        letter = await self._moved(scene, office, app)
        entries = app.entries[value(letter.calendar, "UID")]
        assert len(entries) == 2, "the series, and the date that was moved"

        box.deliver(outlook(answer_to(letter, at=now(scene), partstat="DECLINED")))
        await self._collect(scene, box)
        box.deliver(google(answer_to(known, at=now(scene))))
        await self._collect(scene, box)
        assert (await scene.answers())["b"] == "yes"

        wish = answer_to(letter, at=now(scene), method="COUNTER", start=WISHED, date=DATE)
        box.deliver(plain(wish))
        await self._collect(scene, box)
        [shown] = await scene.proposals()
        assert shown["start"] == "2026-03-18T18:00:00"

        await scene.dana.post(f"/api/proposals/{shown['id']}/decline")
        [declined] = await self._sent(scene, office)
        assert declined.to == BO
        assert value(unfolded(declined.calendar), "METHOD") == "DECLINECOUNTER"
        assert value(declined.calendar, "SEQUENCE") == value(letter.calendar, "SEQUENCE")

        box.deliver(plain(answer_to(letter, at=now(scene), method="REFRESH")))
        await self._collect(scene, box)
        [again] = await self._sent(scene, office)
        fresh = App()
        fresh.take(again)
        assert fresh.entries.keys() == app.entries.keys()
        assert len(fresh.entries[value(letter.calendar, "UID")]) == 2

    async def test_whatever_is_forged_changes_nothing(
        self, scene: Scene, office: PostOffice, box: Box
    ) -> None:
        known, app = await invited(scene), App()
        app.take(known)
        letter = await self._moved(scene, office, app)
        taken = plain(answer_to(known, at=now(scene)))
        box.deliver(taken)
        await self._collect(scene, box)
        before = await everything(scene.house.inside.database)

        later = now(scene) + timedelta(minutes=1)
        cys = await invited(scene, CY)
        forged = (
            plain(answer_to(known, at=later, uid="another", partstat="DECLINED")),
            plain(answer_to(known, at=later, organizer=cys.sender, uid="another")),
            plain(answer_to(known, at=later, sequence=9, partstat="DECLINED")),
            plain(answer_to(known, at=later - timedelta(days=1), partstat="DECLINED")),
            plain(answer_to(known, at=later, date=DATE, start="")),
            plain(answer_to(letter, at=later, uid="another", method="COUNTER")),
            taken,
        )
        for mail in forged:
            box.deliver(mail)
            await self._collect(scene, box)
            assert await everything(scene.house.inside.database) == before
        assert await self._sent(scene, office) == []

    async def test_the_app_itself_collects_when_it_starts(
        self, scene: Scene, box: Box, keys: Keys, clock: SetClock
    ) -> None:
        box.deliver(plain(answer_to(await invited(scene), at=clock())))
        settings = msgspec.structs.replace(scene.house.inside.settings, imap_url=box.url)
        async with open_house(settings, keys, clock) as house:
            scene.house = house
            async with asyncio.timeout(20):
                while box.flags():  # noqa: ASYNC110 - another program gives no sign
                    await asyncio.sleep(0.05)

        assert (await scene.answers())["b"] == "yes"


def now(scene: Scene) -> Any:
    return scene.house.inside.now


async def invited(scene: Scene, to: str = BO) -> Delivered:
    """The first letter about the series, as it lies in the folder."""
    folder = scene.house.inside.settings.data / "mail"
    read = BytesParser(policy=policy.default).parsebytes
    letters = [read(path.read_bytes()) for path in folder.iterdir()]
    [letter] = [one for one in letters if one["To"] == to]
    return delivered(letter)
