"""``place``: where new practices do most good, with a proof, as files and as a scenario."""

import argparse
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coverage.commands.interrupting import keeping_best
from coverage.commands.parsing import Subcommands, add_output, add_study
from coverage.commands.problems import naming
from coverage.commands.terminal import ProgressLines, SearchLines, tell, tell_written

if TYPE_CHECKING:
    from coverage.exports.placement_outputs import PlacedStudy
    from coverage.placement.request import Watch
    from coverage.placement_files import PlacementOrder
    from coverage.placement_study import PlacementAnswer, PlacementStart, StudyCandidates

# As of ``placement.request.OBJECTIVES``, which is not imported for --help.
_OBJECTIVES = ("choice", "shortage", "second_distance")
_FLAGS = "command line"


def add_place_command(commands: Subcommands) -> None:
    """Add the command."""
    place = commands.add_parser("place", help="find where new practices do most good")
    add_study(place)
    add_output(place)
    place.add_argument(
        "--request", type=Path, metavar="FILE", help="a place.toml; flags go before what it says"
    )
    # A flag that is not given is None, so that a request file can say it.
    add = place.add_argument_group("what is asked").add_argument
    add("--objective", choices=_OBJECTIVES, help="default: choice")
    add("--capacities", type=_number, metavar="N", help="new capacities in all, whole or half")
    add("--practices", type=int, metavar="N", help="at most so many new practices")
    add("--least-capacities", type=_number, metavar="N", help="of a new practice; default: 1")
    add("--most-capacities", type=_number, metavar="N", help="of a new practice; default: no limit")
    add("--frontier", action=argparse.BooleanOptionalAction, help="also the best for 1, 2, ... N")
    add("--trade-off", choices=_OBJECTIVES, help="also what this other objective would cost")
    _add_conditions(place)
    _add_search(place)
    place.set_defaults(command=_place)


def _add_conditions(place: argparse.ArgumentParser) -> None:
    add = place.add_argument_group("conditions").add_argument
    several: dict[str, Any] = {"nargs": "+", "action": "extend"}
    add("--candidates", metavar="towns|grid|FILE", help="where practices may open; default: grid")
    add("--grid-m", type=_number, metavar="N", help="side of the grid's squares")
    add("--level", metavar="NAME", help="level of the quotas; default: kommune")
    add(
        "--quota",
        **several,
        type=_quota,
        dest="quotas",
        metavar="AREA=MIN:MAX",
        help="new capacities of an area",
    )
    add("--forced-in", **several, metavar="ID", help="candidates that must have a practice")
    add("--forced-out", **several, metavar="ID", help="candidates that may not have one")
    add("--apart-m", type=_number, metavar="N", help="no two practices nearer by road")
    add(
        "--serve-skal",
        action=argparse.BooleanOptionalAction,
        help="a practice for every skal-area",
    )
    add("--movable", **several, metavar="YDERNUMMER", help="practices that may move")
    add(
        "--movable-open",
        action=argparse.BooleanOptionalAction,
        help="every open practice may move",
    )
    add("--move-cost", type=_number, metavar="N", help="what a move must be worth")
    add("--scenario", metavar="FILE", help="carry a scenario out first")
    add(
        "--by-ydernummer",
        action=argparse.BooleanOptionalAction,
        help="carry it over from another register, by ydernummer",
    )


def _add_search(place: argparse.ArgumentParser) -> None:
    add = place.add_argument_group("search").add_argument
    add("--seed", type=int, metavar="N", help="default: 0")
    add("--steps", type=int, metavar="N", help="of the search before the proof")
    add("--seconds", type=_number, metavar="N", help="for the proof, at most; default: 60")
    add("--gap", type=_number, metavar="N", help="near enough, of the gain; default: 0.001")
    add("--proof", action=argparse.BooleanOptionalAction, help="default: with a proof")


def _number(text: str) -> float:
    """Return a number that is written with a point or a comma."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        message = f"'{text}' is no number"
        raise argparse.ArgumentTypeError(message) from None


def _quota(text: str) -> tuple[str, tuple[float, float]]:
    area, equals, ends = text.rpartition("=")
    least, colon, most = ends.partition(":")
    if not (area and equals and colon):
        message = f"'{text}' is not AREA=MIN:MAX"
        raise argparse.ArgumentTypeError(message)
    return area, (_number(least), _number(most))


# The command imports what it needs when it runs: --help answers at once.
def _place(options: argparse.Namespace) -> int:
    from coverage.exports.placement_outputs import write_placement_outputs  # noqa: PLC0415
    from coverage.placement_study import find_candidates, placed_study  # noqa: PLC0415

    order = _order(options)
    show = ProgressLines()
    start = _start(options, order, show)
    found = find_candidates(start.assessment, order, lambda share: show("candidates", share))
    show("candidates", 1.0)
    answer = _search(start, found, order, show)
    show("comparison", 0.0)
    placed = placed_study(start, found, order, answer, options.language)
    show("comparison", 1.0)
    paths = write_placement_outputs(placed, options.out, options.language, show)
    _tell(placed, options)
    tell_written(options.out, paths)
    return 0


def _order(options: argparse.Namespace) -> "PlacementOrder":
    """Return what the request file and the flags ask for together."""
    from coverage.placement_files import (  # noqa: PLC0415
        PlacementOrder,
        build_order,
        read_order_values,
    )

    values = read_order_values(options.request) if options.request else {}
    for one in fields(PlacementOrder):
        given = getattr(options, one.name)
        if given is not None:
            values[one.name] = dict(given) if one.name == "quotas" else given
    return build_order(values, where=options.request.name if options.request else _FLAGS)


def _start(
    options: argparse.Namespace, order: "PlacementOrder", show: ProgressLines
) -> "PlacementStart":
    """Run the study, and carry the first scenario out if there is one."""
    from coverage.placement_study import PlacementStart  # noqa: PLC0415
    from coverage.scenario_files import read_scenario_file  # noqa: PLC0415
    from coverage.scenario_study import apply_to_study  # noqa: PLC0415
    from coverage.study import run_study  # noqa: PLC0415
    from coverage.study_file import load_study  # noqa: PLC0415

    study = load_study(options.study)
    file = read_scenario_file(Path(order.scenario)) if order.scenario else None
    result = run_study(study, show)
    if file is None:
        return PlacementStart(result)
    show("scenario", 0.0)
    with naming(file.file_name):
        first = apply_to_study(result, file.scenario, by_ydernummer=order.by_ydernummer)
    show("scenario", 1.0)
    return PlacementStart(result, first, file)


def _search(
    start: "PlacementStart",
    found: "StudyCandidates",
    order: "PlacementOrder",
    show: ProgressLines,
) -> "PlacementAnswer":
    """Search; the first Ctrl-C ends with the best found so far."""
    from coverage.placement_study import search_placement  # noqa: PLC0415

    lines = SearchLines(show)
    with keeping_best() as keep_going:
        watch = _watch(keep_going, lines)
        answer = search_placement(start.assessment, found.candidates, order, watch)
    lines.end()
    return answer


def _watch(keep_going: Callable[[], bool], lines: SearchLines) -> "Watch":
    from coverage.placement.request import Watch  # noqa: PLC0415

    return Watch(
        keep_going=keep_going,
        progress=lines.progress,
        gap=lines.gap,
        stopwatch=time.monotonic,
    )


def _tell(placed: "PlacedStudy", options: argparse.Namespace) -> None:
    """Print the answer, and what the placement changes beside the baseline."""
    from coverage.commands.summary import comparison_lines, rule_lines  # noqa: PLC0415

    reference = placed.titled(options.language)
    tell([reference.title])
    tell(f"! {notice.say(options.language)}" for notice in reference.notices)
    tell(placed.lines(options.language))
    tell(comparison_lines(placed.compared, options.language))
    tell(rule_lines(placed.compared, options.language))
