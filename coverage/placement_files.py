"""Placements as they are asked for: on the command line, and in a versioned TOML file.

The file stands beside the outputs, so that a placement can be repeated. Its keys are those of
the command's flags. A path in it is read from the file's folder.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from coverage.errors import MissingFileError, PlacementError, os_reason, toml_reason
from coverage.levels import KOMMUNE_LEVEL
from coverage.placement.request import Effort, PlacementRequest
from coverage.sentences import sentence

FORMAT_VERSION = 1
MAX_FILE_BYTES = 1_000_000
# Where candidates come from, if not from a file.
TOWNS, GRID = "towns", "grid"

_FORMAT_KEY = "format"
_ENDS = 2


@dataclass(frozen=True, kw_only=True)
class PlacementOrder:
    """A placement as it is asked for.

    Attributes
    ----------
    objective, capacities, practices, least_capacities, most_capacities, level, quotas
        As of a ``PlacementRequest``.
    forced_in, forced_out, apart_m, serve_skal, movable, move_cost, seed
        As of a ``PlacementRequest``.
    candidates
        ``towns``, ``grid``, or the path of a table of one's own.
    grid_m
        Side of the grid's squares; without it as the rule says.
    movable_open
        Every open practice of the study may move, beside those of ``movable``.
    steps, seconds, gap, proof
        As of an ``Effort``; ``proof`` is its ``exact``.
    frontier
        What 1, 2, ... practices add is asked for too.
    trade_off
        The objective to weigh against; empty for none.
    scenario, by_ydernummer
        Path of a scenario that is carried out first, and whether from another register;
        empty for none.
    """

    objective: str = "choice"
    capacities: float
    practices: int | None = None
    least_capacities: float = 1.0
    most_capacities: float | None = None
    level: str = KOMMUNE_LEVEL
    quotas: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    candidates: str = GRID
    grid_m: float | None = None
    forced_in: tuple[str, ...] = ()
    forced_out: tuple[str, ...] = ()
    apart_m: float = 0.0
    serve_skal: bool = False
    movable: tuple[str, ...] = ()
    movable_open: bool = False
    move_cost: float = 0.0
    seed: int = 0
    steps: int = 3_000
    seconds: float = 60.0
    gap: float = 0.001
    proof: bool = True
    frontier: bool = False
    trade_off: str = ""
    scenario: str = ""
    by_ydernummer: bool = False

    @property
    def has_own_list(self) -> bool:
        """The candidates are a table of one's own."""
        return self.candidates not in (TOWNS, GRID)

    def request(self, movable: tuple[str, ...] = ()) -> PlacementRequest:
        """Return the request to the placement.

        Parameters
        ----------
        movable
            The practices that ``movable_open`` stands for.
        """
        return PlacementRequest(
            objective=self.objective,
            capacities=self.capacities,
            practices=self.practices,
            least_capacities=self.least_capacities,
            most_capacities=self.most_capacities,
            level=self.level,
            quotas=self.quotas,
            forced_in=self.forced_in,
            forced_out=self.forced_out,
            apart_m=self.apart_m,
            serve_skal=self.serve_skal,
            movable=tuple(dict.fromkeys((*self.movable, *movable))),
            move_cost=self.move_cost,
            seed=self.seed,
            effort=Effort(steps=self.steps, exact=self.proof, seconds=self.seconds, gap=self.gap),
        )


def order_values(order: PlacementOrder) -> dict[str, Any]:
    """Return what is asked for as plain values by key; what is not given is left out."""
    values = {one.name: getattr(order, one.name) for one in fields(order)}
    values["quotas"] = {area: list(ends) for area, ends in order.quotas.items()}
    for name in ("forced_in", "forced_out", "movable"):
        values[name] = list(values[name])
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def order_text(order: PlacementOrder) -> str:
    """Return the file's text; equal orders give equal texts."""
    return tomli_w.dumps({_FORMAT_KEY: FORMAT_VERSION, **order_values(order)})


def build_order(values: Mapping[str, Any], *, where: str) -> PlacementOrder:
    """Return what is asked for, of plain values by key.

    Raises
    ------
    PlacementError
        With everything that is wrong: unknown keys, mistyped or missing values.
    """
    problems: list[str] = []
    kept = {}
    known = {one.name: one for one in fields(PlacementOrder)}
    problems += [
        sentence("unknown key {key} (known: {known})", key=key, known=", ".join(known))
        for key in sorted(set(values) - set(known))
    ]
    for name, one in known.items():
        if name in values:
            value = _typed(name, values[name], str(one.type).removeprefix("<class '"))
            if value is None:
                problems.append(sentence("{name} is {value}", name=name, value=repr(values[name])))
            kept[name] = value
        elif one.default is MISSING and one.default_factory is MISSING:
            problems.append(sentence("{name} is missing", name=name))
    if not problems:
        problems += _contradictions(PlacementOrder(**kept))
    if problems:
        told = sentence("{problems:; }", problems=tuple(problems))
        raise PlacementError(told, where=where, hint="Correct the request.")
    return PlacementOrder(**kept)


def read_order_values(path: Path) -> dict[str, Any]:
    """Return the plain values of a request file, paths in them read from its folder.

    Raises
    ------
    MissingFileError
    PlacementError
        No TOML, or a newer version.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise MissingFileError(
            "The request file is not there",
            where=str(path),
            hint="Name a file as 'laegedaekning place' writes it: place.toml.",
        ) from None
    except OSError as failure:
        raise PlacementError(
            sentence("The request file cannot be opened ({failure})", failure=os_reason(failure)),
            where=str(path),
            hint="Close it in other programs and check that you may read it.",
        ) from failure
    values = _parsed(content, path.name)
    return values | dict(_with_folder(values, path.parent))


def named_beside(order: PlacementOrder, *, candidates: str, scenario: str) -> PlacementOrder:
    """Return the order with the names that its files have beside the outputs; empty for none."""
    return replace(order, candidates=candidates or order.candidates, scenario=scenario)


def _parsed(content: bytes, where: str) -> dict[str, Any]:
    if len(content) > MAX_FILE_BYTES:
        raise PlacementError(
            sentence("The request file has more than {most:,} bytes", most=MAX_FILE_BYTES),
            where=where,
            hint="Is it a request file?",
        )
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as failure:
        raise PlacementError(
            sentence(
                "The request file is not valid TOML ({failure})", failure=toml_reason(failure)
            ),
            where=where,
            hint="Correct it, or begin with a place.toml that this program wrote.",
        ) from None
    found = values.pop(_FORMAT_KEY, None)
    is_number = isinstance(found, int) and not isinstance(found, bool)
    if is_number and found > FORMAT_VERSION:
        raise PlacementError(
            sentence(
                "The request file has version {found}; this program reads up to {newest}",
                found=found,
                newest=FORMAT_VERSION,
            ),
            where=where,
            hint="Use the newer version of the program that wrote it; the file is unchanged.",
        )
    if not is_number or found != FORMAT_VERSION:
        raise PlacementError(
            sentence(
                "The file has no version of a request file (format = {found})", found=repr(found)
            ),
            where=where,
            hint=sentence("Begin it with format = {newest}.", newest=FORMAT_VERSION),
        )
    return values


def _with_folder(values: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    for name in ("candidates", "scenario"):
        value = values.get(name)
        if isinstance(value, str) and value not in ("", TOWNS, GRID):
            yield name, str(folder / value)


def _typed(name: str, value: object, wanted: str) -> Any:  # noqa: ANN401 - the type is the argument
    """Return a value in the type that a field names, or None."""
    if name == "quotas":
        return _quotas(value)
    if wanted.startswith("tuple"):
        is_list = isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
        return tuple(value) if is_list else None  # type: ignore[arg-type]
    for kind in (str, bool):
        if wanted.startswith(kind.__name__) or isinstance(value, kind):
            fits = wanted.startswith(kind.__name__) and isinstance(value, kind)
            return value if fits else None
    if wanted.startswith("int"):
        return value if isinstance(value, int) else None
    return float(value) if isinstance(value, int | float) else None


def _quotas(value: object) -> dict[str, tuple[float, float]] | None:
    if not isinstance(value, Mapping):
        return None
    quotas = {}
    for area, ends in value.items():
        numbers = [
            float(end)
            for end in (ends if isinstance(ends, list | tuple) else ())
            if isinstance(end, int | float) and not isinstance(end, bool)
        ]
        if len(numbers) != _ENDS:
            return None
        quotas[str(area)] = (numbers[0], numbers[1])
    return quotas


def _contradictions(order: PlacementOrder) -> Iterator[str]:
    if order.grid_m is not None and order.candidates != GRID:
        yield sentence(
            "grid_m is of a grid, and the candidates are '{candidates}'",
            candidates=Path(order.candidates).name,
        )
    if order.grid_m is not None and not order.grid_m > 0:
        yield sentence("grid_m is {side:g}, not above 0", side=order.grid_m)
    if order.trade_off == order.objective:
        yield sentence("the objective '{name}' is weighed against itself", name=order.objective)
    if order.by_ydernummer and not order.scenario:
        yield sentence("by_ydernummer is of a scenario, and there is none")
