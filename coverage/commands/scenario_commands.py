"""``scenario apply`` and ``scenario compare``: a study after what a planner would do."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coverage.commands.interrupting import keeping_best
from coverage.commands.parsing import Subcommands, add_output, add_study
from coverage.commands.problems import Problems
from coverage.commands.terminal import ProgressLines, tell, tell_written
from coverage.wording import Language, say

if TYPE_CHECKING:
    from coverage.exports.scenario_outputs import ComparedStudy
    from coverage.scenario_files import ScenarioFile
    from coverage.scenario_study import AppliedScenario, CheckedScenario
    from coverage.study import StudyResult

_STAGE = "scenarios"
_FIRST = "Stopping with the scenarios measured so far; press Ctrl-C again to give up."


def add_scenario_commands(commands: Subcommands) -> None:
    """Add the commands."""
    scenario = commands.add_parser("scenario", help="what changes if practices close, move, open")
    kinds = scenario.add_subparsers(required=True, metavar="apply|compare")

    apply = kinds.add_parser("apply", help="write every output after a scenario")
    add_study(apply)
    apply.add_argument("scenario", type=Path, metavar="SCENARIO", help="a scenario.toml")
    apply.set_defaults(command=_apply)

    compare = kinds.add_parser("compare", help="write scenarios beside the study and each other")
    add_study(compare)
    compare.add_argument(
        "scenario", type=Path, nargs="+", metavar="SCENARIO", help="scenario files"
    )
    compare.set_defaults(command=_compare)
    for parser in (apply, compare):
        add_output(parser)
        parser.add_argument(
            "--by-ydernummer",
            action="store_true",
            help="carry scenarios over from another register, by ydernummer",
        )


# The commands import what they need when they run: --help answers at once.
def _apply(options: argparse.Namespace) -> int:
    from coverage.commands.summary import summary_lines  # noqa: PLC0415
    from coverage.exports.scenario_outputs import titled_after, write_scenario_outputs  # noqa: PLC0415
    from coverage.scenario_study import stamp_after  # noqa: PLC0415

    show = ProgressLines()
    carried = _carry_out([options.scenario], options, show)
    (applied,), (file,) = carried.applied, carried.files
    stamp = stamp_after(carried.result, applied, file)
    paths = write_scenario_outputs(
        carried.compared, stamp, file.content, options.out, options.language, show
    )
    after = titled_after(carried.compared, options.language)
    tell(summary_lines(after, options.language))
    _tell_changes(carried.compared, options.language)
    tell_written(options.out, paths)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from coverage.exports.scenario_outputs import write_comparison_outputs  # noqa: PLC0415

    show = ProgressLines()
    carried = _carry_out(options.scenario, options, show)
    paths = write_comparison_outputs(carried.compared, options.out, options.language, show)
    tell([carried.result.assessment.title])
    tell(f"! {notice.say(options.language)}" for notice in carried.result.assessment.notices)
    _tell_changes(carried.compared, options.language)
    tell_written(options.out, paths)
    return 0


@dataclass(frozen=True)
class _Carried:
    """Scenarios that were carried out on a study, in the order of their files."""

    result: "StudyResult"
    files: list["ScenarioFile"]
    applied: list["AppliedScenario"]
    compared: "ComparedStudy"


def _carry_out(paths: Sequence[Path], options: argparse.Namespace, show: ProgressLines) -> _Carried:
    """Run the study, and measure the scenarios once all of them can be carried out.

    After Ctrl-C those that are measured by then are compared, and the rest is named.

    Raises
    ------
    RefusedError
        Some cannot; every problem of every file has been said.
    """
    from coverage.scenario_study import compared_study, interrupted_study  # noqa: PLC0415
    from coverage.study import run_study  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    problems = Problems()
    baseline = say("comparison.baseline", options.language)
    files = _read(paths, baseline, problems)
    if not files:
        problems.refuse()
    # A file that cannot be read does not hide what is wrong with the others.
    result = run_study(load_study(options.study), show)
    show(_STAGE, 0.0)
    checked = _checked(result, files, problems, by_ydernummer=options.by_ydernummer)
    problems.refuse()
    applied = _measured(result, checked, show)
    left_out = [one.scenario.name for one in checked[len(applied) :]]
    if left_out:
        result = interrupted_study(result, left_out, options.language)
    files = files[: len(applied)]
    compared = compared_study(result, applied, files, baseline_name=baseline)
    show(_STAGE, 1.0)
    return _Carried(result, files, applied, compared)


def _measured(
    result: "StudyResult", checked: Sequence["CheckedScenario"], show: ProgressLines
) -> list["AppliedScenario"]:
    """Return the scenarios measured, in their order: all, or until Ctrl-C if there are several."""
    from coverage.scenario_study import apply_checked  # noqa: PLC0415

    if len(checked) == 1:
        return [apply_checked(result, checked[0])]
    applied: list[AppliedScenario] = []
    with keeping_best(_FIRST) as keep_going:
        for number, one in enumerate(checked):
            # Without a scenario there is nothing to compare.
            if applied and not keep_going():
                break
            show(_STAGE, number / len(checked))
            applied.append(apply_checked(result, one))
    return applied


def _read(paths: Sequence[Path], baseline: str, problems: Problems) -> list["ScenarioFile"]:
    from coverage.scenario_files import read_scenario_file  # noqa: PLC0415
    from coverage.scenario_study import refuse_shared_names  # noqa: PLC0415

    files = []
    for path in paths:
        with problems.collected():
            files.append(read_scenario_file(path))
    with problems.collected():
        refuse_shared_names([baseline, *(file.scenario.name for file in files)])
    return files


def _checked(
    result: "StudyResult",
    files: Sequence["ScenarioFile"],
    problems: Problems,
    *,
    by_ydernummer: bool,
) -> list["CheckedScenario"]:
    from coverage.scenario_study import check_in_study  # noqa: PLC0415

    checked = []
    for file in files:
        with problems.collected(file.file_name):
            checked.append(check_in_study(result, file.scenario, by_ydernummer=by_ydernummer))
    return checked


def _tell_changes(compared: "ComparedStudy", language: Language) -> None:
    """Print who gains and loses, and every rule that is touched, with its clause."""
    from coverage.commands.summary import comparison_lines, rule_lines  # noqa: PLC0415

    tell(comparison_lines(compared, language))
    tell(rule_lines(compared, language))
