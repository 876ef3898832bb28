"""``run``, ``check``, ``app`` and ``network``: a study as it is."""

import argparse
from pathlib import Path

from coverage.commands.parsing import Subcommands, add_output, add_study
from coverage.commands.terminal import ProgressLines, say_problem, tell, tell_written
from coverage.wording import LANGUAGES


def add_study_commands(commands: Subcommands) -> None:
    """Add the commands."""
    run = commands.add_parser("run", help="read, measure, and write every output")
    add_study(run)
    add_output(run)
    run.set_defaults(command=_run)

    check = commands.add_parser("check", help="read and judge the inputs; write nothing")
    add_study(check)
    check.add_argument("--language", choices=LANGUAGES, default="da", help="of the notices")
    check.set_defaults(command=_check)

    app = commands.add_parser("app", help="open the map app")
    app.add_argument("study", type=Path, nargs="?", metavar="STUDY", help="default: the demo")
    app.add_argument("--port", type=int, default=None, help="default: 8501")
    app.set_defaults(command=_app)

    network = commands.add_parser("network", help="write the road network as GraphML")
    add_study(network)
    network.add_argument("--out", type=Path, required=True, metavar="FILE", help="a .graphml file")
    network.set_defaults(command=_network)


# The commands import what they need when they run: --help answers at once.
def _run(options: argparse.Namespace) -> int:
    from coverage.commands.summary import summary_lines  # noqa: PLC0415
    from coverage.exports import write_outputs  # noqa: PLC0415
    from coverage.study import run_study  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    show = ProgressLines()
    result = run_study(load_study(options.study), show)
    show("outputs", 0.0)
    paths = write_outputs(result.assessment, result.stamp, options.out, options.language)
    show("outputs", 1.0)
    tell(summary_lines(result.assessment, options.language))
    tell_written(options.out, paths)
    return 0


def _check(options: argparse.Namespace) -> int:
    from coverage.study import check_study  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    report = check_study(load_study(options.study), ProgressLines())
    for account in report.accounts:
        dropped = "".join(f", {count} {reason}" for reason, count in account.dropped.items())
        merged = f", {account.merged_rows} merged" if account.merged_rows else ""
        as_of = account.as_of.isoformat() if account.as_of else "no date"
        rows = f"{account.rows_read} read, {account.rows_kept} kept{merged}{dropped}"
        tell([f"{account.role}: {account.file_name} ({as_of}): {rows}"])
        tell(f"  {note}" for note in account.notes)
    tell(f"Note: {notice.say(options.language)}" for notice in report.notices)
    for problem in report.problems:
        say_problem(problem)
    if report.problems:
        return report.problems[0].exit_code
    tell(["The inputs can be used. Nothing was written."])
    return 0


def _app(options: argparse.Namespace) -> int:
    from coverage.ui import launch  # noqa: PLC0415

    return launch(options.study, options.port)


def _network(options: argparse.Namespace) -> int:
    from coverage.cache import read_road_file  # noqa: PLC0415
    from coverage.sources.graphml import write_graphml  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    study = load_study(options.study)
    road_file = read_road_file(study.roads.path, study.roads.as_of)
    write_graphml(road_file.roads, options.out)
    tell([f"Written: {options.out}"])
    return 0
