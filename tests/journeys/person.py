"""Somebody at a browser: what a person does and sees, in words of the journey."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.server import eventually

PEERS = Path(__file__).parents[2] / "frontend" / "tests" / "peers.js"
PATIENCE_MS = 15_000


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

    def is_in_the_room(self) -> None:
        self.sees("leave")
        self.sees("mic")

    def switches_on(self) -> None:
        """Camera and microphone, each by its own button."""
        for device in ("mic", "camera"):
            self.sees(device).click()

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
        if not url.startswith(
            ("http://localhost", "ws://localhost", "blob:", "data:", "about:")
        ):
            self.foreign.append(url)

    def closes(self) -> None:
        self.context.close()
