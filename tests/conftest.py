"""What many tests stand on: a real browser with the network shut, and the app served as a user starts it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

ROOT = Path(__file__).parents[1]
DESKTOP, PHONE = (1440, 900), (390, 844)
START_SECONDS = 60


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("GUATU_CI"):
            pytest.fail("Chromium isn't installed: .ci/run installs it")
        pytest.skip("no Chromium on this machine: the browser tests need one (Debian: apt install chromium)")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    return {"executable_path": chromium, "args": arguments}


class Visit:
    """One browser window; it remembers each request to another host, page error and message to the app."""

    def __init__(self, browser: Browser, size: tuple[int, int], address: str) -> None:
        phone = size == PHONE
        self.context: BrowserContext = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, is_mobile=phone, has_touch=phone, accept_downloads=True
        )
        self.address = address
        self.strangers: list[str] = []
        self.errors: list[str] = []
        self.sent = 0
        self.context.route("**/*", self._at_home_only)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", lambda socket: socket.on("framesent", self._count))
        self.page.on("dialog", lambda dialog: (self.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def _at_home_only(self, route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:", "file:")):
            route.continue_()
        else:
            self.strangers.append(route.request.url)
            route.abort()

    def _count(self, _: object) -> None:
        self.sent += 1

    def open(self, path: str = "", *, ready: bool = True) -> "Visit":
        self.page.goto(f"{self.address}/{path}")
        if ready:
            self.ready()
        return self

    def ready(self) -> None:
        """Wait until every layer of the map is drawn."""
        self.page.wait_for_selector("iframe", timeout=60_000)
        self.map("true")

    def map(self, expression: str) -> object:
        """Evaluate an expression in the map's frame, once the map has opened."""
        inside = self._inside("window.guatu && window.guatu.ready && window.guatu.opened")
        return inside.evaluate(f"async () => {{ await guatu.ready; return {expression}; }}")

    def _inside(self, expression: str):
        """Return the map's frame when an expression holds there; Streamlit may have put a new frame in its place."""
        for _ in range(6):
            with suppress(Error):
                inside = self.page.wait_for_selector("iframe").content_frame()
                inside.wait_for_function(f"() => {expression}", timeout=10_000)
                return inside
        self.page.screenshot(path="test-results/stuck.png")
        pytest.fail(f"in the map's frame this never held: {expression}")

    @property
    def frame(self):
        return self.page.frame_locator("iframe")

    def until(self, expression: str) -> None:
        """Wait until an expression holds in the map's frame."""
        self._inside(expression)

    def settle(self) -> None:
        """Wait until the app runs no more."""
        self.page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')", timeout=60_000)
        self.page.wait_for_timeout(400)


class Served:
    """The app on a free port, started as a user starts it, with settings of its own where a test needs them."""

    def __init__(self, settings: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        environment = {**os.environ, **({"GUATU_SETTINGS": str(settings)} if settings else {})}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):  # noqa: S310
                return
            time.sleep(0.1)
        self.stop()
        pytest.fail(f"the app didn't start within {START_SECONDS} s")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="session")
def app() -> Iterator[Served]:
    served = Served()
    yield served
    served.stop()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Served]]:
    """Serve the app under a settings file."""
    running: list[Served] = []

    def start(settings: Path) -> Served:
        running.append(Served(settings))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def visit(browser: Browser, app: Served) -> Iterator[Callable[..., Visit]]:
    """Open a window on the app; at the end no stranger was asked and no script has failed."""
    visits: list[Visit] = []

    def start(size: tuple[int, int] = DESKTOP, served: Served | None = None) -> Visit:
        visits.append(Visit(browser, size, (served or app).address))
        return visits[-1]

    yield start
    for one in visits:
        one.context.close()
    assert [stranger for one in visits for stranger in one.strangers] == []
    assert [error for one in visits for error in one.errors] == []
