"""Everything that is wrong, said at once, before a command refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

from coverage.commands.terminal import say_problem
from coverage.errors import LaegedaekningError, ScenarioError
from coverage.sentences import sentence


class RefusedError(Exception):
    """A command stops; what is wrong has been said.

    Parameters
    ----------
    exit_code
        Of the first problem.
    """

    def __init__(self, exit_code: int) -> None:
        self.exit_code = exit_code
        super().__init__(exit_code)


class Problems:
    """Says each problem when it is found, and refuses in the end if there was one."""

    def __init__(self) -> None:
        self._first: LaegedaekningError | None = None

    @contextmanager
    def collected(self, file_name: str = "") -> Iterator[None]:
        """Say and remember a problem of the block, and go on behind it.

        Parameters
        ----------
        file_name
            Of the scenario that the block is about, if its problem does not name it.
        """
        try:
            yield
        except LaegedaekningError as problem:
            self._first = self._first or problem
            say_problem(_of_file(problem, file_name))

    def refuse(self) -> None:
        """Raise RefusedError if there was a problem."""
        if self._first is not None:
            raise RefusedError(self._first.exit_code)


@contextmanager
def naming(file_name: str) -> Iterator[None]:
    """Let a problem of a scenario name the file that it is in."""
    try:
        yield
    except ScenarioError as problem:
        raise _of_file(problem, file_name) from None


def _of_file(problem: LaegedaekningError, file_name: str) -> LaegedaekningError:
    if not file_name or not isinstance(problem, ScenarioError):
        return problem
    where = file_name
    if problem.where:
        where = sentence("{file_name}, {where}", file_name=file_name, where=problem.where)
    return ScenarioError(problem.what, where=where, problems=problem.problems, hint=problem.hint)
