"""What a command starts from: a study as it is, or after a scenario that is carried out first."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coverage.commands.problems import naming
from coverage.commands.terminal import ProgressLines

if TYPE_CHECKING:
    from coverage.assessment import Assessment
    from coverage.exports.stamp import RunStamp
    from coverage.scenario_files import ScenarioFile
    from coverage.study import StudyResult

_STAGE = "scenarios"


@dataclass(frozen=True)
class StartingPoint:
    """A study that was run, perhaps with a scenario carried out.

    Attributes
    ----------
    assessment, stamp
        Of the study, or after the scenario: title, notices and stamp then name it.
    before
        Of the register as it was read, where there is a scenario.
    content
        The scenario's file as it was read.
    """

    assessment: "Assessment"
    stamp: "RunStamp"
    before: "Assessment | None" = None
    content: bytes | None = None


def add_scenario_first(parser: argparse.ArgumentParser) -> None:
    """Add the scenario that a command carries out first."""
    parser.add_argument(
        "--scenario", type=Path, metavar="FILE", help="a scenario.toml to carry out first"
    )
    parser.add_argument(
        "--by-ydernummer",
        action="store_true",
        help="carry the scenario over from another register, by ydernummer",
    )


# The imports stand where they are needed: --help answers at once.
def run_to_start(options: argparse.Namespace, show: ProgressLines) -> StartingPoint:
    """Run the study of the options, and carry out their scenario if there is one.

    Raises
    ------
    LaegedaekningError
        Of the study, or the scenario with all of its problems.
    """
    from coverage.scenario_files import read_scenario_file  # noqa: PLC0415
    from coverage.study import run_study  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    # A scenario that cannot be read is said before anything is measured.
    file = None if options.scenario is None else read_scenario_file(options.scenario)
    result = run_study(load_study(options.study), show)
    if file is None:
        return StartingPoint(result.assessment, result.stamp)
    return _after(result, file, options, show)


def _after(
    result: "StudyResult", file: "ScenarioFile", options: argparse.Namespace, show: ProgressLines
) -> StartingPoint:
    from coverage.exports.scenario_outputs import titled  # noqa: PLC0415
    from coverage.scenario_study import apply_checked, check_in_study, stamp_after  # noqa: PLC0415

    show(_STAGE, 0.0)
    with naming(file.file_name):
        checked = check_in_study(result, file.scenario, by_ydernummer=options.by_ydernummer)
    applied = apply_checked(result, checked)
    show(_STAGE, 1.0)
    return StartingPoint(
        titled(applied.assessment, applied.scenario, options.language),
        stamp_after(result, applied, file),
        result.assessment,
        file.content,
    )
