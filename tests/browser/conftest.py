"""A server for the tests, and a page that fails on any error and any request to elsewhere."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ROOT = Path(__file__).parents[2]
START_S = 90
PREPARE_MS = 180_000
ANSWER_MS = 30_000
LAUNCH = (
    "import sys; from pathlib import Path; from coverage.ui import launch; "
    "launch(Path(sys.argv[1]), int(sys.argv[2]))"
)
LAUNCH_COMMAND = ("-c", LAUNCH, "{study}", "{port}")
STREAMLIT_COMMAND = (
    *("-m", "streamlit", "run", str(ROOT / "app.py")),
    *("--server.port", "{port}", "--server.headless", "true", "--", "{study}"),
)
MAP = "iframe[title*=streamlit_folium]"
MAP_IS_DRAWN = "() => !!(window.map && document.querySelector('.leaflet-image-layer'))"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"the browser tests need {CHROMIUM}")
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def start_server(tmp_path_factory):
    """Return a function: the study's path -> the address of its server.

    It is started from an empty folder: the settings must not come from the
    repository. ``command`` may name another way to start it.
    """
    started = []

    def start(study_path, command=LAUNCH_COMMAND):
        port = free_port()
        folder = tmp_path_factory.mktemp("server")
        log = (folder / "log").open("w+")
        words = [word.format(study=study_path, port=port) for word in command]
        server = subprocess.Popen(  # noqa: S603 - our own launcher
            [sys.executable, *words],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        started.append((server, log))
        address = f"http://127.0.0.1:{port}"
        wait_for(address + "/_stcore/health", server, log)
        return address

    yield start
    for server, log in started:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def wait_for(address, server, log):
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            log.seek(0)
            pytest.fail(f"the server stopped: {log.read()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"no server within {START_S} s")


@pytest.fixture
def open_app(browser):
    """Return a function: address -> AppPage; afterwards fail on what its page did wrong."""
    opened = []

    def open_page(address, **options):
        context = browser.new_context(
            viewport={"width": 1400, "height": 900}, accept_downloads=True, **options
        )
        app = AppPage(context.new_page(), address)
        opened.append((context, app))
        app.page.goto(address)
        return app

    yield open_page
    faults = []
    for context, app in opened:
        faults += app.faults
        context.close()
    assert faults == []


class AppPage:
    """The app in a browser, spoken of as its user sees it."""

    def __init__(self, page, address):
        self.page = page
        self.faults = []
        self._host = urlparse(address).netloc
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("dialog", self._refuse_dialog)
        page.on("request", self._watch)
        page.on("websocket", self._watch)

    def _refuse_dialog(self, dialog):
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _watch(self, request):
        url = urlparse(request.url)
        if url.scheme not in ("data", "blob") and url.netloc != self._host:
            self.faults.append(f"request to elsewhere: {request.url}")

    def wait_until_idle(self, timeout_ms=ANSWER_MS):
        app = self.page.locator("[data-testid=stApp]")
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=timeout_ms)
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=timeout_ms)

    def map_frame(self, condition="true", timeout_ms=PREPARE_MS):
        """Return the frame of the one map, once it is drawn and fulfils a condition in script.

        The frame has no height until it is drawn, and a map of another language
        or height stands beside the old one for a while: so it is asked, not looked at.
        """
        deadline = time.monotonic() + timeout_ms / 1000
        while time.monotonic() < deadline:
            # One look: between a count and a handle the second map may appear.
            maps = self.page.query_selector_all(MAP)
            frame = self._frame_of(maps[0]) if len(maps) == 1 else None
            if frame and self._is_true(frame, f"({MAP_IS_DRAWN})() && ({condition})"):
                return frame
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no map within {timeout_ms} ms")

    @staticmethod
    def _frame_of(element):
        try:
            return element.content_frame()
        except PlaywrightError:
            return None  # removed since the look

    @staticmethod
    def _is_true(frame, script):
        try:
            return bool(frame.evaluate(script))
        except PlaywrightError:
            return False  # on its way out, or not loaded yet

    def click_map(self, lat, lon):
        self.map_frame().locator("#map_div").click(position=self._pixel(lat, lon))

    def tooltip_at(self, lat, lon):
        """Return what the map says about the practice at a place."""
        frame = self.map_frame()
        frame.locator("#map_div").hover(position=self._pixel(lat, lon))
        tooltip = frame.locator(".leaflet-tooltip", has=frame.locator("th"))
        tooltip.wait_for(timeout=ANSWER_MS)
        return tooltip.inner_text()

    def practice_places(self):
        """Return latitude and longitude of every practice on the map."""
        return self.map_frame().evaluate(
            "() => { const places = []; window.map.eachLayer(layer => {"
            " if (layer.feature && layer.feature.properties.intake)"
            " places.push([layer.getLatLng().lat, layer.getLatLng().lng]); }); return places; }"
        )

    def _pixel(self, lat, lon):
        return self.map_frame().evaluate(
            "([lat, lon]) => { const p = window.map.latLngToContainerPoint([lat, lon]);"
            " return {x: p.x, y: p.y}; }",
            [lat, lon],
        )

    def figure(self, label):
        metric = self.page.locator("[data-testid=stMetric]").filter(
            has=self.page.locator("[data-testid=stMetricLabel]", has_text=re.compile(f"^{label}"))
        )
        return metric.locator("[data-testid=stMetricValue]")

    def change(self, label):
        metric = self.page.locator("[data-testid=stMetric]").filter(
            has=self.page.locator("[data-testid=stMetricLabel]", has_text=re.compile(f"^{label}"))
        )
        return metric.locator("[data-testid=stMetricDelta]")

    def text(self, text):
        return self.page.get_by_text(text)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=isinstance(name, str)).click()

    def choose(self, name):
        self.page.get_by_role("radio", name=name, exact=True).click()

    def type_place(self, text):
        self.page.get_by_role("textbox").fill(text)
        self.page.get_by_role("textbox").press("Enter")
