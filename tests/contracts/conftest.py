"""What the commands' tests share; each module has a ``study`` of its own, the path of its file."""

import pytest

from coverage import study as study_module
from coverage.study import run_study
from coverage.study_file import load_study


@pytest.fixture(scope="module")
def result(study):
    return run_study(load_study(study))


@pytest.fixture
def ran(result, monkeypatch):
    """Let a command find the study's run done: for tests of what comes after it."""

    def run_again(wanted, show):
        assert wanted == result.study
        show("travel", 1.0)
        return result

    monkeypatch.setattr(study_module, "run_study", run_again)
