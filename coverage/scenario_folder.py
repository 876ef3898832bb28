"""The saved scenarios of a study: one folder, one file each, found again by name.

A name is what a planner typed and may be anything; the file's name is made from it and
holds nothing but small letters, digits and hyphens.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from coverage.errors import LaegedaekningError, OutputError, ScenarioError, os_reason
from coverage.scenario.actions import Scenario
from coverage.scenario_files import normalise_scenario, read_scenario, write_scenario
from coverage.sentences import sentence
from coverage.study_file import Study
from coverage.town_names import town_key

SUFFIX = ".toml"
# What is read from a folder: a stray folder of other files must not stop the app.
MAX_FILES = 200
_DEFAULT_FOLDER = "scenarios"
_SLUG_LENGTH, _DIGEST_LENGTH = 40, 8
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class SavedScenario:
    """A file of the folder.

    Attributes
    ----------
    file_name
        In the folder.
    scenario, problem
        One of them: what it holds, or why it cannot be used.
    """

    file_name: str
    scenario: Scenario | None = None
    problem: LaegedaekningError | None = None


def scenario_folder(study: Study) -> Path:
    """Return where a study's scenarios are kept: ``study.scenario_folder``, or beside study.toml.

    Raises
    ------
    OutputError
        For a study that was never saved and names no folder.
    """
    if study.scenario_folder:
        return study.scenario_folder
    if study.path is None:
        raise OutputError(
            "The study has no file, and so no folder for its scenarios",
            hint="Save the study first.",
        )
    return study.path.resolve().parent / _DEFAULT_FOLDER


def scenario_file_name(name: str) -> str:
    """Return the file name of a scenario: readable, harmless and of this name alone."""
    slug = _NOT_PLAIN.sub("-", town_key(name)).strip("-")[:_SLUG_LENGTH].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_LENGTH]
    return f"{slug or 'scenario'}-{digest}{SUFFIX}"


def list_scenarios(folder: Path) -> tuple[SavedScenario, ...]:
    """Return the folder's scenarios by name, and then the files that cannot be used.

    Of a folder with more files than ``MAX_FILES`` the first are read.
    """
    try:
        paths = sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file())
    except OSError:
        return ()
    found = [_read(path) for path in paths[:MAX_FILES]]
    return tuple(
        sorted(
            found,
            key=lambda saved: (
                saved.scenario is None,
                saved.scenario.name.casefold() if saved.scenario else "",
                saved.file_name,
            ),
        )
    )


def find_saved(folder: Path, name: str) -> SavedScenario | None:
    """Return the file that a scenario of this name would be saved to; None if there is none."""
    path = folder / scenario_file_name(name)
    return _read(path) if path.is_file() else None


def save_scenario(folder: Path, scenario: Scenario) -> SavedScenario:
    """Save a scenario under its name, over an older one of that name.

    Returns
    -------
    SavedScenario
        With the scenario as it was written.

    Raises
    ------
    ScenarioError, InvalidValueError, PersonalDataError
        As ``normalise_scenario``.
    OutputError
        The file cannot be written.
    """
    kept = normalise_scenario(scenario)
    file_name = scenario_file_name(kept.name)
    write_scenario(folder / file_name, kept)
    return SavedScenario(file_name, kept)


def delete_scenario(folder: Path, file_name: str) -> None:
    """Delete a file of the folder, and no other one; one that is gone already is no mistake.

    Raises
    ------
    ScenarioError
        For a name that is none of this folder's files.
    OutputError
        The file cannot be deleted.
    """
    if Path(file_name).name != file_name or not file_name.endswith(SUFFIX):
        raise ScenarioError(
            sentence("'{file_name}' is no file of saved scenarios", file_name=file_name),
            where=str(folder),
        )
    try:
        (folder / file_name).unlink(missing_ok=True)
    except OSError as failure:
        raise OutputError(
            sentence("The scenario cannot be deleted ({failure})", failure=os_reason(failure)),
            where=str(folder / file_name),
            hint="Close it in other programs and try again.",
        ) from failure


def _read(path: Path) -> SavedScenario:
    try:
        return SavedScenario(path.name, read_scenario(path))
    except LaegedaekningError as problem:
        return SavedScenario(path.name, problem=problem)
