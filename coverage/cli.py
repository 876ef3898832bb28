"""The command ``laegedaekning``: arguments <-> study; errors -> message and exit code."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coverage import __version__
from coverage.errors import LaegedaekningError
from coverage.wording import LANGUAGES, Language

if TYPE_CHECKING:
    from coverage.assessment import Assessment

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, an error's own, or 2 for wrong arguments."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except LaegedaekningError as problem:
        _say_problem(problem)
        return problem.exit_code
    except KeyboardInterrupt:
        print("Interrupted; no output was written.", file=sys.stderr)
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="laegedaekning",
        description="Plan general practice by road distance.",
        epilog="Errors have exit codes of their own, from 10; docs/user-guide.md lists them.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="read, measure, and write every output")
    run.add_argument("study", type=Path, metavar="STUDY", help="a study.toml")
    run.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the outputs")
    run.add_argument("--language", choices=LANGUAGES, default="da", help="of the outputs")
    run.set_defaults(command=_run)

    check = commands.add_parser("check", help="read and judge the inputs; write nothing")
    check.add_argument("study", type=Path, metavar="STUDY", help="a study.toml")
    check.add_argument("--language", choices=LANGUAGES, default="da", help="of the notices")
    check.set_defaults(command=_check)

    app = commands.add_parser("app", help="open the map app")
    app.add_argument("study", type=Path, nargs="?", metavar="STUDY", help="default: the demo")
    app.add_argument("--port", type=int, default=None, help="default: 8501")
    app.set_defaults(command=_app)

    network = commands.add_parser("network", help="write the road network as GraphML")
    network.add_argument("study", type=Path, metavar="STUDY", help="a study.toml")
    network.add_argument("--out", type=Path, required=True, metavar="FILE", help="a .graphml file")
    network.set_defaults(command=_network)
    return parser


# The commands import what they need when they run: --help answers at once.
def _run(options: argparse.Namespace) -> int:
    from coverage.exports import write_outputs  # noqa: PLC0415
    from coverage.study import run_study  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    show = _ProgressLines()
    result = run_study(load_study(options.study), show)
    show("outputs", 0.0)
    paths = write_outputs(result.assessment, result.stamp, options.out, options.language)
    show("outputs", 1.0)
    for line in _summary(result.assessment, options.language):
        print(line)
    print(f"Written to {options.out}: {', '.join(path.name for path in paths)}")
    return 0


def _check(options: argparse.Namespace) -> int:
    from coverage.study import check_study  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    report = check_study(load_study(options.study), _ProgressLines())
    for account in report.accounts:
        dropped = "".join(f", {count} {reason}" for reason, count in account.dropped.items())
        merged = f", {account.merged_rows} merged" if account.merged_rows else ""
        as_of = account.as_of.isoformat() if account.as_of else "no date"
        print(
            f"{account.role}: {account.file_name} ({as_of}): "
            f"{account.rows_read} read, {account.rows_kept} kept{merged}{dropped}"
        )
        for note in account.notes:
            print(f"  {note}")
    for notice in report.notices:
        print(f"Note: {notice.say(options.language)}")
    for problem in report.problems:
        _say_problem(problem)
    if report.problems:
        return report.problems[0].exit_code
    print("The inputs can be used. Nothing was written.")
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
    print(f"Written: {options.out}")
    return 0


def _summary(assessment: "Assessment", language: Language) -> list[str]:
    from coverage.choice import STATUSES  # noqa: PLC0415
    from coverage.exports.number_text import percent_text, persons_text  # noqa: PLC0415
    from coverage.wording import say  # noqa: PLC0415

    total = assessment.by_area["kommune"].iloc[-1]
    lines = [assessment.title]
    lines += [f"! {notice.say(language)}" for notice in assessment.notices]
    column = "export.column.persons"
    lines.append(f"{say(column, language)}: {persons_text(total['persons'], language)}")
    for status in STATUSES:
        column = f"export.column.road_persons_{status}"
        persons = persons_text(total[f"road_persons_{status}"], language)
        share = percent_text(total[f"road_share_{status}"], language)
        lines.append(f"{say(column, language)}: {persons} ({share})")
    return [*lines, *_plan_summary(assessment, language)]


def _plan_summary(assessment: "Assessment", language: Language) -> list[str]:
    """Return what the plan's own rules find, a line each."""
    from coverage.exports.number_text import number_text, persons_text  # noqa: PLC0415
    from coverage.wording import say  # noqa: PLC0415

    total = assessment.capacity.by_area["kommune"].iloc[-1]
    places = assessment.skal.places[assessment.skal.places["is_skal"]]
    areas = assessment.designation.areas
    ours = areas[areas["area_level"] == assessment.designation_level]
    values = {
        "signals": number_text(float((ours["signal"] == "signal").sum()), 0, language),
        "areas": number_text(float(len(ours)), 0, language),
        "without_practice": persons_text(total["persons_without_practice"], language),
        "without_place": persons_text(total["persons_without_place"], language),
        "skal": number_text(float(len(places)), 0, language),
        "broken": number_text(float((places["practices"] == 0).sum()), 0, language),
    }
    keys = ("places", "signals", "skal")
    return [say(f"export.summary.{key}", language, **values) for key in keys]


class _ProgressLines:
    """Shows each stage on standard error; on a terminal the line is rewritten."""

    def __init__(self) -> None:
        self._done: set[str] = set()

    def __call__(self, stage: str, share: float) -> None:
        if stage in self._done:
            return
        if share >= 1:
            self._done.add(stage)
        if sys.stderr.isatty():
            end = "\n" if share >= 1 else "\r"
            print(f"{stage:<12} {share:4.0%}", file=sys.stderr, end=end, flush=True)
        elif share >= 1:
            print(f"{stage} done", file=sys.stderr, flush=True)


def _say_problem(problem: LaegedaekningError) -> None:
    print(f"laegedaekning: {problem}", file=sys.stderr)
