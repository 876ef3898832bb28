"""``pathway``: year by year to the national target, with bands."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from coverage.commands.interrupting import keeping_best
from coverage.commands.parsing import Subcommands, add_output, add_study, share, whole_from
from coverage.commands.processes import sharing_chunks
from coverage.commands.starting_point import add_scenario_first, run_to_start
from coverage.commands.terminal import ProgressLines, tell, tell_written

if TYPE_CHECKING:
    from coverage.assessment import Assessment
    from coverage.pathway.monte_carlo import Bands
    from coverage.pathway.pathway import Pathway

PLACES = ("search", "beside")
_STAGE = "pathway"
_FIRST = "Stopping with the runs done so far; press Ctrl-C again to give up."


def add_pathway_command(commands: Subcommands) -> None:
    """Add the command."""
    pathway = commands.add_parser(_STAGE, help="year by year to the national target")
    add_study(pathway)
    add_output(pathway)
    pathway.add_argument(
        "--runs",
        type=whole_from(0),
        default=500,
        help="runs of chance (default: 500); 0: expectations alone",
    )
    pathway.add_argument("--seed", type=whole_from(0), default=1, help="of the runs (default: 1)")
    pathway.add_argument(
        "--spread", type=share, default=1.0, help="of chance, 0 (none) to 1 (default: 1)"
    )
    pathway.add_argument(
        "--processes",
        type=whole_from(1),
        metavar="N",
        help="for the runs (default: the machine's cores, where starting them pays off)",
    )
    pathway.add_argument(
        "--places",
        choices=PLACES,
        default=PLACES[0],
        help="of new practices: by search, where most people get a choice (default), or beside "
        "the practice that most of the kommune's people look to first",
    )
    add_scenario_first(pathway)
    pathway.set_defaults(command=_pathway)


# The command imports what it needs when it runs: --help answers at once.
def _pathway(options: argparse.Namespace) -> int:
    from coverage.exports.pathway_outputs import write_pathway_outputs  # noqa: PLC0415
    from coverage.exports.pathway_region import answer_lines  # noqa: PLC0415
    from coverage.exports.planned_path import PlannedPath  # noqa: PLC0415

    show = ProgressLines()
    start = run_to_start(options, show)
    with keeping_best(_FIRST) as keep_going:
        pathway = _build(start.assessment, options, show, keep_going)
        bands = _draw(pathway, options, show, keep_going)
    stamp = replace(start.stamp, results={"places": options.places})
    planned = PlannedPath(pathway, bands, start.assessment, stamp, start.before)
    paths = write_pathway_outputs(
        planned, options.out, options.language, show, scenario=start.content
    )
    assessment, _ = planned.told()
    tell([assessment.title])
    tell(f"! {notice.say(options.language)}" for notice in assessment.notices)
    # The screen is that of whoever has the register; what is written withholds.
    tell(answer_lines(planned, options.language, publish=False))
    tell_written(options.out, paths)
    return 0


def _build(
    assessment: "Assessment",
    options: argparse.Namespace,
    show: ProgressLines,
    keep_going: Callable[[], bool],
) -> "Pathway":
    """Return the expected path; after Ctrl-C later years take the places that are at hand."""
    from coverage.pathway.pathway import build_pathway  # noqa: PLC0415
    from coverage.pathway.placed_years import placed_by_search  # noqa: PLC0415
    from coverage.placement.candidates import candidates_from_grid  # noqa: PLC0415
    from coverage.placement.request import Watch  # noqa: PLC0415

    show(_STAGE, 0.0)
    place_year = None
    if options.places == "search":
        candidates = candidates_from_grid(assessment)
        watch = Watch(keep_going=keep_going)
        place_year = placed_by_search(assessment, candidates, watch=watch)
    pathway = build_pathway(assessment, place_year=place_year)
    show(_STAGE, 1.0)
    return pathway


def _draw(
    pathway: "Pathway",
    options: argparse.Namespace,
    show: ProgressLines,
    keep_going: Callable[[], bool],
) -> "Bands | None":
    """Return what chance adds; after Ctrl-C of the runs done so far."""
    from coverage.pathway.monte_carlo import Trial, run_trial  # noqa: PLC0415

    if options.runs == 0:
        return None
    trial = Trial(runs=options.runs, seed=options.seed, spread=options.spread)
    with sharing_chunks(options.processes) as map_chunks:
        return run_trial(
            pathway, trial, map_chunks=map_chunks, keep_going=keep_going, progress=show
        )
