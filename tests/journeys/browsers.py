"""Debian's Chromium and Firefox, with made-up cameras and microphones, or with refused ones."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)
FAKE_DEVICES = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
REFUSED = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")
LOOPBACK_CALLS = {
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.peerconnection.ice.loopback": True,
    "media.autoplay.default": 0,
}
FIREFOX_FAKE = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
}
FIREFOX_REFUSED = {"permissions.default.camera": 2, "permissions.default.microphone": 2}


def program(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is missing: install Debian's package {name}"
    return path


@contextmanager
def chromium(playwright: Playwright, *, refused: bool = False) -> Iterator[Browser]:
    arguments = [*QUIET, *(REFUSED if refused else FAKE_DEVICES)]
    browser = playwright.chromium.launch(executable_path=program("chromium"), args=arguments)
    yield browser
    browser.close()


@contextmanager
def firefox(playwright: Playwright, *, refused: bool = False) -> Iterator[Browser]:
    devices = FIREFOX_REFUSED if refused else FIREFOX_FAKE
    preferences: dict[str, str | float | bool] = {**LOOPBACK_CALLS, **devices}
    browser = playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=program("firefox-esr"),
        firefox_user_prefs=preferences,
    )
    yield browser
    browser.close()
