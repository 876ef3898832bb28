"""What the commands' arguments have in common."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from coverage.wording import LANGUAGES


class Subcommands(Protocol):
    """Where a command is added: what ``ArgumentParser.add_subparsers`` gives."""

    def add_parser(self, name: str, *, help: str) -> ArgumentParser:  # noqa: A002 - the name that argparse has
        """Return the parser of a new command."""


def add_study(parser: ArgumentParser) -> None:
    """Add the study that a command is about."""
    parser.add_argument("study", type=Path, metavar="STUDY", help="a study.toml")


def add_output(parser: ArgumentParser) -> None:
    """Add where a command writes and in which language."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the outputs"
    )
    parser.add_argument("--language", choices=LANGUAGES, default="da", help="of the outputs")


def whole_from(least: int) -> Callable[[str], int]:
    """Return the reader of a whole number that is at least so large."""

    def read(text: str) -> int:
        if not text.strip().isascii() or not text.strip().isdigit() or int(text) < least:
            message = f"'{text}' is no whole number from {least} up"
            raise ArgumentTypeError(message)
        return int(text)

    return read


def share(text: str) -> float:
    """Return a number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        message = f"'{text}' is no number from 0 to 1"
        raise ArgumentTypeError(message)
    return value
