"""The prepared roads of a study, kept between runs.

Keyed on the road file's digest, the rules that shape the graph and a format
number; arrays and plain text only, so that a cache file can do nothing but
hold numbers. A cache that cannot be read is made anew.
"""

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from coverage.network import RoadGraph, build_graph
from coverage.rule_groups import TravelRules
from coverage.sentences import from_plain, to_plain
from coverage.sources.graphml import is_graphml, read_graphml
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.roads import RoadFile, read_roads

# Raised whenever reading or contraction changes what it yields, or the account its form.
_FORMAT = 2


@dataclass(frozen=True)
class PreparedRoads:
    """What a study needs of its road file.

    Attributes
    ----------
    graph
        Contracted under the study's rules.
    addresses
        Table ADDRESSES.
    provenance
        The account of the road file.
    """

    graph: RoadGraph
    addresses: pd.DataFrame
    provenance: Provenance


def prepare_roads(
    path: Path, as_of: date | None, rules: TravelRules, folder: Path | None
) -> tuple[PreparedRoads, bool]:
    """Return the prepared roads, from the cache where it holds them.

    Parameters
    ----------
    folder
        Of the cache; None reads anew and writes nothing.

    Returns
    -------
    prepared, cache_works
        ``cache_works`` is False if the cache should have been written and could not.

    Raises
    ------
    MissingFileError, UnreadableFileError, EmptyTableError
        As ``read_roads``.
    """
    if folder is None:
        return _prepare(path, as_of, rules), True
    stem = folder / f"roads-{_key(path, rules)}"
    held = _load(stem, path, as_of)
    if held:
        return held, True
    prepared = _prepare(path, as_of, rules)
    try:
        _store(prepared, stem)
    except OSError:
        return prepared, False
    return prepared, True


def read_road_file(path: Path, as_of: date | None) -> RoadFile:
    """Return a road file of either form: OpenStreetMap or GraphML."""
    if is_graphml(path):
        return read_graphml(path, as_of=as_of)
    return read_roads(path, as_of=as_of)


def _prepare(path: Path, as_of: date | None, rules: TravelRules) -> PreparedRoads:
    road_file = read_road_file(path, as_of)
    graph = build_graph(road_file.roads, rules)
    return PreparedRoads(graph, road_file.addresses, road_file.provenance)


def _key(path: Path, rules: TravelRules) -> str:
    stamp = stamp_file(path, role="roads")
    shape = [_FORMAT, stamp.sha256, rules.use_ferries, rules.open_one_way_traps]
    return hashlib.sha256(json.dumps(shape).encode()).hexdigest()[:16]


def _store(prepared: PreparedRoads, stem: Path) -> None:
    stem.parent.mkdir(parents=True, exist_ok=True)
    # The account is written last: without it the other files do not count.
    _write(
        stem.with_suffix(".npz"),
        lambda file: np.savez(file, allow_pickle=False, **_arrays(prepared.graph)),
    )
    _write(stem.with_suffix(".parquet"), prepared.addresses.to_parquet)
    # Notes as more than their English text: what comes out is said in Danish, too.
    notes = to_plain(prepared.provenance.notes)
    account = {**asdict(prepared.provenance), "as_of": None, "notes": notes}
    text = json.dumps(account, ensure_ascii=False).encode()
    _write(stem.with_suffix(".json"), lambda file: file.write(text))


def _write(path: Path, fill: Any) -> None:  # noqa: ANN401 - any writer of a binary file
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        temporary = Path(file.name)
        try:
            fill(file)
        except BaseException:
            temporary.unlink()
            raise
    temporary.replace(path)


def _load(stem: Path, path: Path, as_of: date | None) -> PreparedRoads | None:
    try:
        account: dict[str, Any] = json.loads(stem.with_suffix(".json").read_text("utf-8"))
        notes = from_plain(account["notes"])
        with np.load(stem.with_suffix(".npz"), allow_pickle=False) as arrays:
            graph = RoadGraph(**{field.name: arrays[field.name] for field in fields(RoadGraph)})
        addresses = pd.read_parquet(stem.with_suffix(".parquet"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, pa.ArrowException):
        return None
    account |= {"as_of": as_of, "file_name": path.name, "notes": notes}
    return PreparedRoads(graph, addresses, Provenance(**account))


def _arrays(graph: RoadGraph) -> dict[str, np.ndarray]:
    return {field.name: getattr(graph, field.name) for field in fields(graph)}
