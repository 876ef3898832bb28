"""What a command says: answers on standard output, progress and problems on standard error."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from coverage.errors import LaegedaekningError

_LINE_WIDTH = 60
_NEARLY = 0.99
# Stages that go through the others again and again.
_STAGES_OF_MANY = ("frontier", "trade_off")


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

    def __call__(self, stage: str, share: float, detail: str = "") -> None:
        """Show that a share of a stage is done, and what else is known of it."""
        if stage in self._done:
            return
        if share >= 1:
            self._done.add(stage)
        if sys.stderr.isatty():
            end = "\n" if share >= 1 else "\r"
            # A longer line before leaves nothing behind.
            line = f"{stage:<12} {share:4.0%}  {detail}"
            print(f"{line:<{_LINE_WIDTH}}", file=sys.stderr, end=end, flush=True)
        elif share >= 1:
            said = f" ({detail})" if detail else ""
            print(f"{stage} done{said}", file=sys.stderr, flush=True)


class SearchLines:
    """Shows the stages of a search, which follow each other, and the gap of its proof.

    A stage is done when the next one begins: a proof that ends early never says 100 %.
    """

    def __init__(self, show: ProgressLines) -> None:
        self._show = show
        self._stage = ""
        self._share = 0.0
        self._gap = ""

    def progress(self, stage: str, share: float) -> None:
        """Show that a share of a stage is done."""
        if stage != self._stage:
            # What a later stage searches anew is not told again.
            if self._stage in _STAGES_OF_MANY and stage not in _STAGES_OF_MANY:
                return
            self.end()
            self._stage = stage
        self._share = min(share, _NEARLY)
        self._show(stage, self._share, self._gap)

    def gap(self, share_of_gain: float) -> None:
        """Show how far the answer can be from the best."""
        if self._stage in _STAGES_OF_MANY:
            return
        self._gap = f"gap {share_of_gain:.2%} of the gain"
        self._show(self._stage, self._share, self._gap)

    def end(self) -> None:
        """Show that the present stage is done."""
        if self._stage:
            self._show(self._stage, 1.0, self._gap)
        self._stage, self._gap = "", ""
