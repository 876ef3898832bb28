"""Servers for the tests, and pages that fail on any error and any request to elsewhere."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import expect, sync_playwright

from coverage.study import run_study
from coverage.study_file import load_study
from tests.browser.app_page import ANSWER_MS, KEEP_DRAWN_WORDS, AppPage

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
DEMO = ROOT / "data" / "demo" / "study.toml"
START_S = 90
LAUNCH = (
    "import sys; from pathlib import Path; from coverage.ui import launch; "
    "launch(Path(sys.argv[1]), int(sys.argv[2]))"
)
LAUNCH_COMMAND = ("-c", LAUNCH, "{study}", "{port}")
STREAMLIT_COMMAND = (
    *("-m", "streamlit", "run", str(ROOT / "app.py")),
    *("--server.port", "{port}", "--server.headless", "true", "--", "{study}"),
)


expect.set_options(timeout=ANSWER_MS)


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


class Servers:
    """The servers of the tests, each in a folder of its own.

    They are started from an empty folder: the settings must not come from the
    repository.
    """

    def __init__(self, make_folder):
        self._make_folder = make_folder
        self._started = {}

    def start(self, study_path, command=LAUNCH_COMMAND):
        """Return the address of a study's server; ``command`` may name another way to start it."""
        port = free_port()
        folder = self._make_folder("server")
        log = (folder / "log").open("w+")
        words = [word.format(study=study_path, port=port) for word in command]
        server = subprocess.Popen(  # noqa: S603 - our own launcher
            [sys.executable, *words],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        self._started[address] = (server, log)
        wait_for(address + "/_stcore/health", server, log)
        return address

    def stop(self, address):
        """End a server."""
        server, log = self._started.pop(address)
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()

    def stop_all(self):
        for address in list(self._started):
            self.stop(address)


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    servers = Servers(tmp_path_factory.mktemp)
    yield servers
    servers.stop_all()


@pytest.fixture(scope="session")
def start_server(servers):
    """Return a function: the study's path -> the address of its server."""
    return servers.start


def copy_demo(folder):
    """Copy the demo with the facts beside it and its prepared roads; return its study's path."""
    # What somebody judged and saved on this machine is no part of the demo.
    left_out = shutil.ignore_patterns("judgements*", "scenarios")
    for name in ("demo", "facts", "derived/demo"):
        own = ROOT / "data" / name
        if own.exists():
            shutil.copytree(own, folder / name, ignore=left_out)
    return folder / "demo" / "study.toml"


@pytest.fixture(scope="session")
def demo_study(tmp_path_factory):
    """A copy of the demo that no test changes."""
    return copy_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def demo_server(start_server, demo_study):
    return start_server(demo_study)


@pytest.fixture(scope="session")
def demo_result(demo_study):
    """What the library says of the demo."""
    return run_study(load_study(demo_study))


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

    def open_page(address, size=(1400, 900)):
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True
        )
        context.add_init_script(KEEP_DRAWN_WORDS)
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
