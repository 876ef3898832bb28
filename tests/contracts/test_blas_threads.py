"""The program keeps linear algebra to one thread, however it is started (decision 0024)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A command that loads nothing with threads of its own.
COMMAND = """
import coverage.cli
try:
    coverage.cli.main(["--version"])
except SystemExit:
    pass
"""
APP = """
import coverage.ui
"""
# Multiplies until the library has started what threads it wants.
COUNT = """
import os, numpy
square = numpy.ones((600, 600))
square @ square
print(len(os.listdir("/proc/self/task")), os.environ["OPENBLAS_NUM_THREADS"])
"""


def threads_and_setting(start, **environment):
    """Return how many threads a process has after it multiplied, and what applies to them."""
    own = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    child = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", start + COUNT],
        cwd=ROOT,
        env={**own, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    count, setting = child.stdout.splitlines()[-1].split()
    return int(count), setting


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux lists them")
class TestOneThread:
    @pytest.mark.parametrize("start", [COMMAND, APP], ids=["command", "app"])
    def test_the_program_multiplies_by_one(self, start):
        assert threads_and_setting(start) == (1, "1")

    def test_a_users_own_setting_is_kept(self):
        assert threads_and_setting(COMMAND, OPENBLAS_NUM_THREADS="2")[1] == "2"


@pytest.mark.parametrize("start", ["coverage.cli", "coverage.ui"])
def test_numpy_is_not_loaded_before_it_is_told(start):
    script = f"import sys, {start}; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)  # noqa: S603 - see above
