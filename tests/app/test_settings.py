"""The settings under which the app runs, however it is started."""

import tomllib
from pathlib import Path

from streamlit import config

from coverage.ui.server import OPTIONS

ROOT = Path(__file__).parents[2]


def test_both_ways_to_start_have_the_same_settings():
    file = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    flat = {f"{group}.{key}": value for group, keys in file.items() for key, value in keys.items()}
    assert flat == OPTIONS


def test_every_setting_is_one_that_streamlit_knows():
    known = config.get_config_options(force_reparse=False)
    assert set(OPTIONS) <= set(known)


def test_nothing_is_told_to_others_and_nobody_else_can_connect():
    assert OPTIONS["browser.gatherUsageStats"] is False
    assert OPTIONS["server.address"] == "127.0.0.1"
    assert OPTIONS["server.enableAgentApi"] is False
    assert OPTIONS["client.showErrorDetails"] == "none"
    assert OPTIONS["client.disableDataExport"] is True
    assert OPTIONS["server.maxUploadSize"] == 20


def test_the_root_script_is_thin():
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) <= 15


def test_pages_are_short():
    for page in (ROOT / "coverage" / "ui" / "pages").glob("*.py"):
        assert len(page.read_text("utf-8").splitlines()) <= 120, page.name


def test_what_the_app_serves_to_anybody_is_not_in_git():
    assert "static/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
