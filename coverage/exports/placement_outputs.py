"""What the command ``place`` writes: the placement, its scenario, and the request to repeat it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.outputs import RUN_RECORD_NAME, StageProgress, Step, write_together
from coverage.exports.placement_book import request_table, write_placement_book
from coverage.exports.placement_tables import PlacementTables, placement_tables
from coverage.exports.placement_words import answer_lines
from coverage.exports.said_table import SaidTable, said_csv
from coverage.exports.scenario_outputs import SCENARIO_NAME, ComparedStudy, titled
from coverage.exports.stamp import RunStamp
from coverage.placement.candidates import Candidates
from coverage.placement.place import Placement
from coverage.wording import Language, say

PLACEMENT_NAME = "placement.csv"
PLACEMENT_BOOK_NAME = "placement.xlsx"
FRONTIER_NAME = "frontier.csv"
REQUEST_NAME = "place.toml"
FIRST_SCENARIO_NAME = "first_scenario.toml"
# With the ending of the user's own file.
OWN_CANDIDATES_STEM = "own_candidates"
_OWN_CANDIDATES = tuple(
    f"{OWN_CANDIDATES_STEM}{ending}" for ending in (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
)
PLACEMENT_OUTPUTS = (
    *(PLACEMENT_NAME, PLACEMENT_BOOK_NAME, SCENARIO_NAME, REQUEST_NAME, RUN_RECORD_NAME),
)
# Written if the request has them.
MORE_OUTPUTS = (FRONTIER_NAME, FIRST_SCENARIO_NAME, *_OWN_CANDIDATES)


@dataclass(frozen=True, kw_only=True)
class PlacedStudy:
    """A placement on a study, the scenario that it is, and what was asked.

    Attributes
    ----------
    placement, candidates
        The answer, and where practices could open.
    assessment
        That the practices were placed in: the study's, or after the first scenario.
    compared
        The study's baseline beside the first scenario, if any, and the placement's.
    frontier, trade_off
        If they were asked for and there was time.
    unfinished
        Of ``placement, frontier, trade_off`` what was stopped before its end.
    asked
        The request as plain values.
    files
        Name -> content of files that are written as they are.
    """

    placement: Placement
    candidates: Candidates
    assessment: Assessment
    compared: ComparedStudy
    frontier: pd.DataFrame | None
    trade_off: pd.DataFrame | None
    unfinished: tuple[str, ...]
    asked: Mapping[str, Any]
    files: Mapping[str, bytes]

    def lines(self, language: Language = "da") -> list[str]:
        """Return the answer in sentences."""
        lines = answer_lines(self.placement, self.candidates, language)
        if set(self.unfinished) - {"placement"}:
            lines.insert(0, say("placement.line.partial", language))
        return lines

    def tables(self, language: Language = "da") -> PlacementTables:
        """Return the placement's tables in words."""
        return placement_tables(
            self.placement,
            self.candidates,
            self.assessment,
            language,
            frontier=self.frontier,
            trade_off=self.trade_off,
            is_partial="frontier" in self.unfinished,
        )

    def titled(self, language: Language) -> Assessment:
        """Return the baseline; after a first scenario title and notices say so."""
        reference = self.compared.reference.assessment
        *before, _ = self.compared.stamp.scenarios
        return titled(reference, before[0].scenario, language) if before else reference

    def stamp(self, language: Language) -> RunStamp:
        """Return the account of the run, with the placement in it."""
        own = self.compared.stamp
        seconds = {f"place_{stage}": took for stage, took in self.placement.seconds.items()}
        return replace(
            own,
            study_title=self.titled(language).title,
            timings_s={**own.timings_s, **seconds},
            results={"placement": self._account()},
        )

    def _account(self) -> dict[str, object]:
        placement, table = self.placement, self.candidates.table
        numbers = (
            *("value_before", "value_after", "gain", "moves_worth", "bound", "gap_of_gain"),
            *("gap_of_value", "heuristic_value", "tie_count", "swaps_tried", "cutoff_m"),
        )
        return {
            "request": dict(self.asked),
            "unit": placement.unit,
            "lower_is_better": placement.lower_is_better,
            **{name: _plain(getattr(placement, name)) for name in numbers},
            "stopped_by": placement.stopped_by,
            "interrupted": list(self.unfinished),
            "candidates": len(table),
            "left_out": _records(self.candidates.left_out),
            "sites": _records(placement.sites),
            "moves": _records(placement.moves),
            "ties": _records(placement.ties),
            "frontier": _records(self.frontier),
            "trade_off": _records(self.trade_off),
        }


def write_placement_outputs(
    placed: PlacedStudy,
    folder: Path,
    language: Language = "da",
    progress: StageProgress | None = None,
) -> tuple[Path, ...]:
    """Write ``PLACEMENT_OUTPUTS``, and of ``MORE_OUTPUTS`` what was asked for, or nothing.

    Of ``MORE_OUTPUTS`` what an older placement left in the folder goes.

    Raises
    ------
    OutputError
        As ``write_outputs``.
    """
    reference, stamp = placed.titled(language), placed.stamp(language)
    tables = placed.tables(language)
    steps = [_csv_step(PLACEMENT_NAME, tables.steps, placed, language)]
    if placed.frontier is not None:
        steps.append(_csv_step(FRONTIER_NAME, tables.frontier, placed, language))

    def write_book(staged: Path) -> None:
        write_placement_book(
            staged / PLACEMENT_BOOK_NAME,
            tables,
            reference,
            stamp,
            language,
            lines=placed.lines(language),
            request=request_table(placed.asked, language),
            comparison=placed.compared.tables(language),
        )

    steps.append(Step((PLACEMENT_BOOK_NAME,), write_book))
    steps += [Step((name,), partial(_write, name, text)) for name, text in placed.files.items()]
    written = {name for step in steps for name in step.names}
    obsolete = [name for name in MORE_OUTPUTS if name not in written]
    return write_together(folder, steps, reference, stamp, progress, obsolete)


def _csv_step(name: str, table: SaidTable, placed: PlacedStudy, language: Language) -> Step:
    stamp, reference = placed.stamp(language), placed.titled(language)
    content = said_csv(table, stamp, language, illustrative=reference.illustrative)
    return Step((name,), partial(_write, name, content))


def _write(name: str, content: bytes, folder: Path) -> None:
    (folder / name).write_bytes(content)


def _records(table: pd.DataFrame | None) -> list[dict[str, object]]:
    """Return a table's rows as JSON has them; missing is null."""
    if table is None:
        return []
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return value if not isinstance(value, float) or np.isfinite(value) else None
