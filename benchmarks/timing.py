"""Time and memory of a task in a process of its own, and the tables that compare them."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"
RESULTS = PROJECT / ".bench"

_KB_PER_MB = 1024


@dataclass(frozen=True)
class Reading:
    """One run of one task.

    Attributes
    ----------
    task_s
        Seconds of the task itself: imports and preparation left out.
    cpu_s
        Processor seconds of the task itself: other work on the machine hardly changes them.
    wall_s
        Seconds of the whole process.
    peak_mb
        Largest resident memory of the process.
    size
        What the task found (pairs, ways): a check that all engines did the same.
    """

    task_s: float
    cpu_s: float
    wall_s: float
    peak_mb: float
    size: int


@dataclass(frozen=True)
class Line:
    """A row of a table: the median of a task's runs against a yardstick.

    Attributes
    ----------
    target
        What the figure is held against, in words; empty where there is none.
    met
        None where there is no target.
    """

    name: str
    seconds: float
    ratio: float | None
    peak_mb: float
    size: int
    runs: int
    target: str = ""
    met: bool | None = None


def report(task: Callable[[], int]) -> None:
    """Run the task in this process and print what ``run_child`` reads."""
    started, cpu_started = time.perf_counter(), time.process_time()
    size = task()
    spent = {
        "task_s": time.perf_counter() - started,
        "cpu_s": time.process_time() - cpu_started,
    }
    print(json.dumps({**spent, "peak_mb": _peak_mb(), "size": size}))


def run_child(module: str, *arguments: str) -> Reading:
    """Run ``python -m module arguments`` in a process of its own and read its report."""
    started = time.perf_counter()
    child = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    wall_s = time.perf_counter() - started
    return Reading(wall_s=wall_s, **json.loads(child.stdout.splitlines()[-1]))


def interleave(
    tasks: dict[str, Callable[[], Reading]], repetitions: int
) -> dict[str, list[Reading]]:
    """Run the tasks by turns, so that a busy machine slows all of them alike."""
    readings: dict[str, list[Reading]] = {name: [] for name in tasks}
    for _ in range(repetitions):
        for name, task in tasks.items():
            readings[name].append(task())
    return readings


def median_s(readings: Sequence[Reading]) -> float:
    """Return the median seconds of the task."""
    return statistics.median(reading.task_s for reading in readings)


def median_cpu_s(readings: Sequence[Reading]) -> float:
    """Return the median processor seconds of the task."""
    return statistics.median(reading.cpu_s for reading in readings)


def largest_mb(readings: Sequence[Reading]) -> float:
    """Return the largest memory of any run."""
    return max(reading.peak_mb for reading in readings)


def publish(name: str, title: str, lines: Sequence[Line], notes: Sequence[str] = ()) -> None:
    """Print a table and write it to ``.bench/<name>.json``."""
    print(f"\n{title}")
    print(f"  {'':38}{'seconds':>9}{'ratio':>8}{'peak MB':>9}{'found':>10}{'runs':>6}  target")
    for line in lines:
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
        verdict = {None: "", True: " - met", False: " - MISSED"}[line.met]
        print(
            f"  {line.name:38}{line.seconds:9.2f}{ratio:>8}{line.peak_mb:9.0f}{line.size:>10}"
            f"{line.runs:>6}  {line.target}{verdict}"
        )
    for note in notes:
        print(f"  {note}")
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "processors": os.cpu_count()}
    found = {"title": title, "machine": machine, "lines": [asdict(line) for line in lines]}
    text = json.dumps({**found, "notes": list(notes)}, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", "utf-8")


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        # ru_maxrss of a process that was forked starts at its parent's.
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / _KB_PER_MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB_PER_MB
