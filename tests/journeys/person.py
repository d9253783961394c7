"""Somebody at a browser: what a person does and sees, in words of the journey."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.machine.waiting import eventually

PEERS = Path(__file__).parents[2] / "frontend" / "tests" / "peers.js"
PATIENCE_MS = 15_000
OURS = ("http://localhost", "ws://localhost", "blob:", "data:", "about:")


def meet(host: "Person", *guests: "Person", demo: dict[str, Any]) -> None:
    """The facilitator enters and admits everyone who knocks."""
    host.enters(demo["facilitator_link"])
    host.is_in_the_room()
    for guest, link in zip(guests, demo["guest_links"], strict=False):
        guest.enters(link)
        host.sees("admit").first.click()
        guest.is_in_the_room()


class Person:
    """One browser context: own cookies, own language, own zone."""

    def __init__(
        self,
        browser: Browser,
        *,
        name: str = "",
        locale: str = "en-GB",
        zone: str = "Asia/Jerusalem",
        width: int = 1280,
        height: int = 800,
        scheme: Any = "light",
    ) -> None:
        self.name = name
        self.context = browser.new_context(
            locale=locale,
            timezone_id=zone,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(path=str(PEERS))
        self.page: Page = self.context.new_page()
        self.foreign: list[str] = []
        self.troubles: list[str] = []
        self.context.on("request", lambda request: self._watch(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._listen)

    def goes_to(self, url: str) -> None:
        self.page.goto("about:blank")
        self.page.goto(url)

    def sees(self, test_id: str) -> Locator:
        locator = self.page.get_by_test_id(test_id)
        expect(locator.first).to_be_visible(timeout=PATIENCE_MS)
        return locator

    def enters(self, link: str) -> None:
        """From the personal link through the pre-join page."""
        self.goes_to(link)
        self.sees("name").fill(self.name)
        agree = self.page.get_by_test_id("agree")
        if agree.count():
            agree.check()
        self.page.get_by_test_id("enter").click()

    def signs_in(self, link: str) -> None:
        self.goes_to(link)
        self.page.locator("main button").first.click()
        self.page.wait_for_url("**/home")

    def is_in_the_room(self) -> None:
        self.sees("leave")
        self.sees("mic")

    def switches_on(self) -> None:
        """Camera and microphone, each by its own button."""
        for device in ("mic", "camera"):
            self.sees(device).click()

    def frames(self) -> list[str]:
        """All that the socket has brought to this page, as text."""
        frames: list[str] = self.page.evaluate("peers.frames()")
        return frames

    def kinds(self) -> list[str]:
        """What the messages since `forgets_frames` were about."""
        return [str(json.loads(frame)["type"]) for frame in self.frames()]

    def forgets_frames(self) -> None:
        self.page.evaluate("peers.forgetFrames()")

    def opens(self, panel: str) -> None:
        button = self.sees(panel)
        if button.get_attribute("aria-expanded") != "true":
            button.click()

    def writes(self, text: str) -> None:
        self.opens("chat")
        field = self.sees("chat-input")
        field.fill(text)
        field.press("Enter")

    def hand_is_up(self) -> None:
        expect(self.page.get_by_test_id("hand")).to_have_attribute("aria-pressed", "true")

    def hands(self) -> list[str]:
        """Who has a hand up, in the order shown; one's own stands there as "You"."""
        return self.page.get_by_test_id("hands").locator("bdi").all_inner_texts()

    def removes(self, name: str) -> None:
        self.opens("people")
        row = self.page.get_by_role("listitem").filter(has_text=name)
        row.get_by_test_id("remove").click()
        self.sees("remove-confirm").click()
        expect(self.page.get_by_test_id("remove-confirm")).to_have_count(0)

    def is_back(self, *, within: float) -> None:
        expect(self.page.get_by_test_id("room")).to_have_attribute(
            "data-standing", "open", timeout=within * 1000
        )

    def live_tracks(self) -> int:
        """Cameras and microphones that are open on this page."""
        count: int = self.page.evaluate("peers.liveTracks()")
        return count

    def open_connections(self) -> int:
        count: int = self.page.evaluate("peers.count().open")
        return count

    def made_connections(self) -> int:
        count: int = self.page.evaluate("peers.count().made")
        return count

    def presses_quick_exit(self) -> float:
        """Milliseconds until the last track had ended, measured in the page itself."""
        after: float = self.page.evaluate(
            """() => {
                const began = performance.now();
                document.querySelector('[data-testid="quick-exit"]').click();
                return peers.liveTracks() === 0 ? performance.now() - began : Infinity;
            }"""
        )
        return after

    def media(self) -> dict[str, dict[str, Any]]:
        """By seat, what arrives from the others."""
        stats: dict[str, dict[str, Any]] = self.page.evaluate("peers.stats()")
        return stats

    def sees_and_hears(self, others: int) -> None:
        """Decodes moving video of that many others, and hears each of them."""
        before = eventually(lambda: self._alive(others), f"{self.name} gets {others} streams")

        def goes_on() -> bool:
            now = self.media()
            return all(
                now.get(seat, {}).get("framesDecoded", 0) > one["framesDecoded"] + 5
                and now[seat]["audioEnergy"] > one["audioEnergy"]
                for seat, one in before.items()
            )

        eventually(goes_on, f"{self.name} goes on seeing and hearing {others}")

    def _alive(self, others: int) -> dict[str, dict[str, Any]]:
        stats = self.media()
        alive = {
            seat: one
            for seat, one in stats.items()
            if one["framesDecoded"] > 0 and one["audioEnergy"] > 0
        }
        return alive if len(alive) >= others else {}

    def _watch(self, url: str) -> None:
        if not url.startswith(OURS):
            self.foreign.append(url)

    def _listen(self, message: ConsoleMessage) -> None:
        """What the browser itself says against a page, above all its content policy."""
        if (
            "Content Security Policy" in message.text
            or "Content-Security-Policy" in message.text
        ):
            self.troubles.append(message.text)

    def closes(self) -> None:
        self.context.close()
