"""Reads file after file, and either stops at the first error or collects them all."""

from collections.abc import Callable
from typing import TypeVar

from coverage.errors import LaegedaekningError
from coverage.sources.provenance import Provenance

T = TypeVar("T")
Read = tuple[T, tuple[Provenance, ...]]


class Attempts:
    """Reads, and either stops at the first error or collects them and goes on."""

    def __init__(self, *, collect: bool) -> None:
        self._collect = collect
        self.problems: list[LaegedaekningError] = []
        self.accounts: list[Provenance] = []

    def read(self, reader: Callable[[], Read[T]]) -> T | None:
        """Return what the reader read; None if it failed and errors are collected."""
        try:
            value, accounts = reader()
        except LaegedaekningError as problem:
            if not self._collect:
                raise
            self.problems.append(problem)
            return None
        self.accounts.extend(accounts)
        return value
