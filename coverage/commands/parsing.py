"""What the commands' arguments have in common."""

from argparse import ArgumentParser
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
