"""The command ``laegedaekning``: arguments -> a command; errors -> message and exit code."""

import argparse
from collections.abc import Callable, Sequence

from coverage import __version__
from coverage.blas_threads import use_one_blas_thread
from coverage.commands.pathway_command import add_pathway_command
from coverage.commands.place_command import add_place_command
from coverage.commands.problems import RefusedError
from coverage.commands.scenario_commands import add_scenario_commands
from coverage.commands.study_commands import add_study_commands
from coverage.commands.terminal import say_problem, warn
from coverage.errors import LaegedaekningError

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, an error's own, or 2 for wrong arguments."""
    use_one_blas_thread()
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except LaegedaekningError as problem:
        say_problem(problem)
        return problem.exit_code
    except RefusedError as refusal:
        return refusal.exit_code
    except KeyboardInterrupt:
        warn("Interrupted; no output was written.")
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="laegedaekning",
        description="Plan general practice by road distance.",
        epilog="Errors have exit codes of their own, from 10; docs/user-guide.md lists them.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_study_commands(commands)
    add_scenario_commands(commands)
    add_pathway_command(commands)
    add_place_command(commands)
    return parser
