"""What a command says: answers on standard output, progress and problems on standard error."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from coverage.errors import LaegedaekningError


def tell(lines: Iterable[str]) -> None:
    """Print lines of an answer."""
    for line in lines:
        print(line)


def tell_written(folder: Path, paths: Sequence[Path]) -> None:
    """Print what was written, and where."""
    tell([f"Written to {folder}: {', '.join(path.name for path in paths)}"])


def warn(line: str) -> None:
    """Print a line that is no answer."""
    print(line, file=sys.stderr)


def say_problem(problem: LaegedaekningError) -> None:
    """Print what is wrong."""
    warn(f"laegedaekning: {problem}")


class ProgressLines:
    """Shows each stage on standard error; on a terminal the line is rewritten."""

    def __init__(self) -> None:
        self._done: set[str] = set()

    def __call__(self, stage: str, share: float) -> None:
        """Show that a share of a stage is done."""
        if stage in self._done:
            return
        if share >= 1:
            self._done.add(stage)
        if sys.stderr.isatty():
            end = "\n" if share >= 1 else "\r"
            print(f"{stage:<12} {share:4.0%}", file=sys.stderr, end=end, flush=True)
        elif share >= 1:
            print(f"{stage} done", file=sys.stderr, flush=True)
