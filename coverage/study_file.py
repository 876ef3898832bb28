"""study.toml: the paths, dates and rules of one analysis, saved and reloaded.

A study that is saved and loaded again is equal to itself; unknown keys are
refused, so that a misspelled one is never ignored.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

import tomli_w

from coverage.errors import (
    MissingFileError,
    OutputError,
    StudyError,
    UnknownKommuneError,
    os_reason,
    toml_reason,
)
from coverage.levels import KOMMUNE_LEVEL
from coverage.sentences import phrase, sentence
from coverage.sources.kommune_codes import known_kommuner, normalise_kommune_code

FORMAT_VERSION = 1
RESOLUTIONS = ("cell", "250m", "address")
Resolution = Literal["cell", "250m", "address"]
REQUIRED_INPUTS = ("practices", "population", "roads", "kommuner")
# What the region's people write while they use the tool: it need not be there yet.
WRITTEN_INPUTS = ("judgements",)
OPTIONAL_INPUTS = (
    "towns",
    "projection",
    "need_weights",
    "closing_limits",
    "designations",
    "skal_areas",
    "distribution_model",
    "transferred_tasks",
    *WRITTEN_INPUTS,
)
# What the tool keeps of its own, each beside the study file unless it says otherwise.
_FOLDERS = ("cache_folder", "scenario_folder")


@dataclass(frozen=True)
class InputFile:
    """A file and the date that its contents speak of."""

    path: Path
    as_of: date | None = None


@dataclass(frozen=True)
class LevelFile(InputFile):
    """The file of a level of areas, and the column that names the areas where it has several."""

    column: str | None = None


@dataclass(frozen=True)
class Study:
    """One analysis.

    Attributes
    ----------
    title
        Shown on every output.
    as_of
        The day whose rules apply.
    practices, population, roads, kommuner, towns
        The inputs; towns are optional.
    projection, need_weights, closing_limits, designations, skal_areas
        Optional inputs of the plan's own rules.
    distribution_model, transferred_tasks
        Optional inputs of the years to the national target.
    judgements
        What people judged of the areas; the file is written by the tool and may not be there yet.
    area_kommuner
        Kommune codes of the study's area; empty means every kommune of the boundary file.
    area_region
        Region code or name instead of ``area_kommuner``, as of today or of 2027.
    area_levels
        Level name -> CSV of kommuner and their areas, or a layer of polygons.
    designation_level
        The level whose areas are designated as lægedækningstruede.
    resolution
        Where people are measured from.
    ruleset, overrides
        The ruleset's name, and rule key -> value where the study departs from it.
    illustrative
        The inputs are made up.
    cache_folder
        Where the prepared roads are kept between runs.
    scenario_folder
        Where the app keeps the scenarios that are saved; None for the folder beside the file.
    path
        The study file; None for a study that was never saved.
    """

    title: str
    as_of: date
    practices: InputFile
    population: InputFile
    roads: InputFile
    kommuner: InputFile
    towns: InputFile | None = None
    projection: InputFile | None = None
    need_weights: InputFile | None = None
    closing_limits: InputFile | None = None
    designations: InputFile | None = None
    skal_areas: InputFile | None = None
    distribution_model: InputFile | None = None
    transferred_tasks: InputFile | None = None
    judgements: InputFile | None = None
    area_kommuner: tuple[str, ...] = ()
    area_region: str | None = None
    area_levels: Mapping[str, LevelFile] = field(default_factory=dict)
    designation_level: str = KOMMUNE_LEVEL
    resolution: Resolution = "address"
    ruleset: str = "default"
    overrides: Mapping[str, object] = field(default_factory=dict)
    illustrative: bool = False
    cache_folder: Path | None = None
    scenario_folder: Path | None = None
    path: Path | None = field(default=None, compare=False)

    def wanted_kommuner(self) -> tuple[str, ...] | None:
        """Return the codes of the study's area, or None for all.

        Raises
        ------
        UnknownKommuneError, StudyError
        """
        if self.area_kommuner:
            codes = {code: normalise_kommune_code(code) for code in self.area_kommuner}
            unknown = [code for code, known in codes.items() if known is None]
            if unknown:
                raise UnknownKommuneError(
                    "Kommune codes that Denmark does not have",
                    where=_where(self.path, "area.kommuner"),
                    rows=unknown,
                    hint="Use four digits, such as 0461 for Odense.",
                )
            return tuple(sorted({code for code in codes.values() if code}))
        if self.area_region:
            return _region_kommuner(self.area_region, _where(self.path, "area.region"))
        return None


def load_study(path: Path) -> Study:
    """Return the study of a file; its paths are read from the file's folder.

    Raises
    ------
    MissingFileError, StudyError
    """
    if not path.is_file():
        raise MissingFileError(
            "The study file is not there",
            where=str(path),
            hint="Name a study.toml; data/demo/study.toml is an example.",
        )
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise StudyError(
            sentence("The study file is not valid TOML ({reason})", reason=toml_reason(failure)),
            where=path.name,
            hint='Put texts and paths in "quotes"; use / in paths; dates as 2026-01-31.',
        ) from None
    return _study(raw, path)


def save_study(study: Study, path: Path) -> None:
    """Write the study as TOML; paths below the file's folder become relative.

    Raises
    ------
    OutputError
    """
    folder = path.resolve().parent
    raw: dict[str, Any] = {
        "study": {
            "format": FORMAT_VERSION,
            "title": study.title,
            "as_of": study.as_of,
            "resolution": study.resolution,
            "illustrative": study.illustrative,
        },
        "rules": {"ruleset": study.ruleset, "overrides": dict(study.overrides)},
    }
    for name in _FOLDERS:
        if getattr(study, name):
            raw["study"][name] = _relative(getattr(study, name), folder)
    area: dict[str, Any] = {}
    if study.area_kommuner:
        area["kommuner"] = list(study.area_kommuner)
    if study.area_region:
        area["region"] = study.area_region
    if study.area_levels:
        area["levels"] = {name: _input(file, folder) for name, file in study.area_levels.items()}
    if study.designation_level != KOMMUNE_LEVEL:
        area["designation_level"] = study.designation_level
    raw["area"] = area
    for name in (*REQUIRED_INPUTS, *OPTIONAL_INPUTS):
        file = getattr(study, name)
        if file is not None:
            raw[name] = _input(file, folder)
    try:
        path.write_text(tomli_w.dumps(raw), encoding="utf-8")
    except OSError as failure:
        raise OutputError(
            sentence("The study cannot be saved ({reason})", reason=os_reason(failure)),
            where=str(path),
            hint="Choose a folder that you may write to.",
        ) from failure


def _study(raw: Mapping[str, Any], path: Path) -> Study:
    folder = path.resolve().parent
    sections = {"study", "area", "rules", *REQUIRED_INPUTS, *OPTIONAL_INPUTS}
    _refuse_unknown(raw, sections, path, "")
    head = _section(raw, "study", path, required=True)
    area = _section(raw, "area", path)
    rules = _section(raw, "rules", path)
    _refuse_unknown(
        head,
        {"format", "title", "as_of", "resolution", "illustrative", *_FOLDERS},
        path,
        "study.",
    )
    _refuse_unknown(area, {"kommuner", "region", "levels", "designation_level"}, path, "area.")
    _refuse_unknown(rules, {"ruleset", "overrides"}, path, "rules.")
    _check_format(head.get("format", FORMAT_VERSION), path)
    levels = _section(area, "levels", path)
    cache, scenarios = (head.get(name) for name in _FOLDERS)
    return Study(
        title=_typed(head, "title", str, path, "study."),
        as_of=_typed(head, "as_of", date, path, "study."),
        **{name: _file(raw, name, folder, path) for name in REQUIRED_INPUTS},
        **{name: _file(raw, name, folder, path) for name in OPTIONAL_INPUTS if name in raw},
        area_kommuner=tuple(str(code) for code in area.get("kommuner", ())),
        area_region=str(area["region"]) if "region" in area else None,
        area_levels={name: _level(levels, name, folder, path) for name in levels},
        designation_level=_designation_level(area, levels, path),
        resolution=_resolution(head, path),
        ruleset=str(rules.get("ruleset", "default")),
        overrides=dict(_section(rules, "overrides", path)),
        illustrative=_typed(head, "illustrative", bool, path, "study.")
        if "illustrative" in head
        else False,
        cache_folder=(folder / str(cache)).resolve() if cache else None,
        scenario_folder=(folder / str(scenarios)).resolve() if scenarios else None,
        path=path,
    )


def _resolution(head: Mapping[str, Any], path: Path) -> Resolution:
    resolution = head.get("resolution", "address")
    if resolution not in RESOLUTIONS:
        raise StudyError(
            sentence("study.resolution is {value!r}", value=resolution),
            where=path.name,
            hint=sentence("Use one of: {words}.", words=RESOLUTIONS),
        )
    return cast("Resolution", resolution)


def _check_format(found: object, path: Path) -> None:
    if found != FORMAT_VERSION:
        raise StudyError(
            sentence(
                "The study file has format {found!r}; this version reads {ours}",
                found=found,
                ours=FORMAT_VERSION,
            ),
            where=path.name,
            hint="Use the version of the program that wrote it, or a newer one.",
        )


def _section(
    raw: Mapping[str, Any], name: str, path: Path, *, required: bool = False
) -> Mapping[str, Any]:
    section = raw.get(name, {})
    if not isinstance(section, Mapping) or (required and not section):
        raise StudyError(
            sentence("The study file lacks the section {section}", section=f"[{name}]"),
            where=path.name,
            hint="data/demo/study.toml is an example.",
        )
    return section


def _file(raw: Mapping[str, Any], name: str, folder: Path, path: Path) -> InputFile:
    section = _section(raw, name, path, required=True)
    _refuse_unknown(section, {"path", "as_of"}, path, f"{name}.")
    as_of = _typed(section, "as_of", date, path, f"{name}.") if "as_of" in section else None
    given = Path(_typed(section, "path", str, path, f"{name}."))
    return InputFile((folder / given).resolve(), as_of)


def _level(raw: Mapping[str, Any], name: str, folder: Path, path: Path) -> LevelFile:
    section = _section(raw, name, path, required=True)
    _refuse_unknown(section, {"path", "as_of", "column"}, path, f"area.levels.{name}.")
    column = str(section["column"]) if "column" in section else None
    rest = {name: {key: value for key, value in section.items() if key != "column"}}
    file = _file(rest, name, folder, path)
    return LevelFile(file.path, file.as_of, column)


def _designation_level(area: Mapping[str, Any], levels: Mapping[str, Any], path: Path) -> str:
    level = area.get("designation_level", KOMMUNE_LEVEL)
    if level not in (KOMMUNE_LEVEL, *levels):
        raise StudyError(
            sentence(
                "area.designation_level is {level!r}, which is no level of the study", level=level
            ),
            where=path.name,
            hint=sentence("Levels: {levels}.", levels=(KOMMUNE_LEVEL, *levels)),
        )
    return str(level)


def _typed(raw: Mapping[str, Any], key: str, kind: type, path: Path, prefix: str) -> Any:  # noqa: ANN401 - the type is the argument
    value = raw.get(key)
    if not isinstance(value, kind):
        example = {str: '"text"', date: "2026-01-31", bool: "true or false"}[kind]
        name = prefix + key
        raise StudyError(
            sentence("{key} is missing", key=name)
            if value is None
            else sentence("{key} is {value!r}", key=name, value=value),
            where=path.name,
            hint=sentence("Write {key} = {example}.", key=key, example=phrase(example)),
        )
    return value


def _refuse_unknown(raw: Mapping[str, Any], known: set[str], path: Path, prefix: str) -> None:
    unknown = sorted(set(raw) - known)
    if unknown:
        raise StudyError(
            sentence(
                "Unknown in the study file: {keys}",
                keys=tuple(prefix + key for key in unknown),
            ),
            where=path.name,
            hint=sentence("Known here: {keys}.", keys=tuple(sorted(known))),
        )


def _region_kommuner(region: str, where: str) -> tuple[str, ...]:
    table = known_kommuner()
    wanted = region.casefold()
    columns = table[["region_code", "region", "region_2027"]]
    found = columns.apply(lambda column: column.str.casefold() == wanted).any(axis=1)
    if not found.any():
        names = sorted({*table["region"].dropna(), *table["region_2027"].dropna()})
        raise StudyError(
            sentence("There is no region '{region}'", region=region),
            where=where,
            hint=sentence("Regions: {regions}.", regions=tuple(names)),
        )
    return tuple(sorted(table.loc[found, "kommune_code"]))


def _input(file: InputFile, folder: Path) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": _relative(file.path, folder)}
    if file.as_of:
        entry["as_of"] = file.as_of
    if isinstance(file, LevelFile) and file.column:
        entry["column"] = file.column
    return entry


def _relative(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _where(path: Path | None, key: str) -> str:
    return f"{path.name}, {key}" if path else key
