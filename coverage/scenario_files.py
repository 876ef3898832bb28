"""Scenarios on disk: a versioned TOML file that reloads to an equal scenario.

The file names the digest of the register that it was made for. On another
register the same ydernummer may be another practice: that is said, and the planner
decides whether the actions are carried over by ydernummer.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from coverage.errors import (
    InvalidValueError,
    LaegedaekningError,
    MissingFileError,
    OutputError,
    PersonalDataError,
    ScenarioError,
)
from coverage.scenario.actions import (
    KINDS,
    MAX_ACTIONS,
    MAX_NAME_LENGTH,
    MAX_NOTE_LENGTH,
    Action,
    Scenario,
    kind_of,
)
from coverage.sources.free_text import checked_text

FORMAT_VERSION = 1
MAX_FILE_BYTES = 1_000_000
_HEAD = {"format", "name", "note", "register_sha256", "action"}
_LONGEST = {"note": MAX_NOTE_LENGTH}
_KIND_KEY = "kind"


def normalise_scenario(scenario: Scenario) -> Scenario:
    """Return the scenario as it will be kept: every text checked and cleaned.

    Raises
    ------
    ScenarioError
        Without a name, or with too many actions.
    InvalidValueError, PersonalDataError
        For a text that cannot be kept.
    """
    return _checked(scenario, where="scenario")


def scenario_text(scenario: Scenario) -> str:
    """Return the file's text of a scenario; equal scenarios give equal texts."""
    actions = [
        {_KIND_KEY: kind_of(action)}
        | {name: value for name, value in asdict(action).items() if value not in ("", None)}
        for action in scenario.actions
    ]
    head = {
        "format": FORMAT_VERSION,
        "name": scenario.name,
        "note": scenario.note,
        "register_sha256": scenario.register_sha256,
    }
    return tomli_w.dumps({**head, "action": actions})


def parse_scenario(content: bytes, *, where: str) -> Scenario:
    """Return the scenario of a file's content.

    Parameters
    ----------
    where
        The file's name, for messages.

    Raises
    ------
    ScenarioError
        With everything that is wrong: no TOML, a newer version, unknown keys and kinds,
        missing or mistyped values, texts that cannot be kept.
    """
    if len(content) > MAX_FILE_BYTES:
        raise ScenarioError(
            f"The scenario file has {len(content):,} bytes; at most {MAX_FILE_BYTES:,} are read",
            where=where,
            hint="Is it a scenario file?",
        )
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as failure:
        raise ScenarioError(
            f"The scenario file is not valid TOML ({failure})",
            where=where,
            hint="Choose a file that this program saved, or save it again.",
        ) from None
    _check_version(raw, where)
    problems = [f"unknown: {key}" for key in sorted(set(raw) - _HEAD)]
    problems += [
        f"{key} is no text"
        for key in ("name", "note", "register_sha256")
        if not isinstance(raw.get(key, ""), str)
    ]
    entries = raw.get("action", [])
    if not isinstance(entries, list):
        problems.append("action is no list of [[action]] sections")
        entries = []
    actions = []
    for number, entry in enumerate(entries, start=1):
        action = _action(entry)
        if isinstance(action, list):
            problems += [f"action {number}: {problem}" for problem in action]
        else:
            actions.append(action)
    if problems:
        raise _unreadable(problems, where)
    texts = {key: raw.get(key, "") for key in ("name", "note", "register_sha256")}
    try:
        return _checked(Scenario(**texts, actions=tuple(actions)), where=where)
    except (InvalidValueError, PersonalDataError) as failure:
        raise _unreadable([f"{failure.where}: {failure.what}"], where) from None


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario and the file that it was read from.

    Attributes
    ----------
    scenario
        What the file says.
    file_name
        Without its folder (a folder may name a person).
    content
        As it was read, so that it can be kept beside results.
    """

    scenario: Scenario
    file_name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def unsaved_file(scenario: Scenario) -> ScenarioFile:
    """Return the file that a scenario would be saved as."""
    return ScenarioFile(scenario, "", scenario_text(scenario).encode())


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a file.

    Raises
    ------
    MissingFileError, ScenarioError
    """
    return read_scenario_file(path).scenario


def read_scenario_file(path: Path) -> ScenarioFile:
    """Return the scenario of a file, and the file as it was read.

    Raises
    ------
    MissingFileError, ScenarioError
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise MissingFileError(
            "The scenario file is not there",
            where=str(path),
            hint="Name a file that the app or 'laegedaekning scenario' saved.",
        ) from None
    except OSError as failure:
        raise ScenarioError(
            f"The scenario file cannot be opened ({failure.strerror})",
            where=str(path),
            hint="Close it in other programs and check that you may read it.",
        ) from failure
    return ScenarioFile(parse_scenario(content, where=path.name), path.name, content)


def write_scenario(path: Path, scenario: Scenario) -> None:
    """Write a scenario; an older file is replaced in one step, or left as it was.

    Raises
    ------
    ScenarioError, InvalidValueError, PersonalDataError
        As ``normalise_scenario``.
    OutputError
        The file cannot be written.
    """
    text = scenario_text(normalise_scenario(scenario))
    staged = path.with_name(f".{path.name}.writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.write_text(text, encoding="utf-8")
        staged.replace(path)
    except OSError as failure:
        staged.unlink(missing_ok=True)
        raise OutputError(
            f"The scenario cannot be saved ({failure.strerror})",
            where=str(path),
            hint="Choose a folder that you may write to; an older file is unchanged.",
        ) from failure


def for_register(scenario: Scenario, sha256: str, *, by_ydernummer: bool = False) -> Scenario:
    """Return the scenario for a register, whose digest it then carries.

    Parameters
    ----------
    by_ydernummer
        Carry the actions over to another register than they were made for, each to the
        practice with the same ydernummer there.

    Raises
    ------
    ScenarioError
        Another register, and ``by_ydernummer`` is not asked for.
    """
    made_for = scenario.register_sha256
    if made_for and made_for != sha256 and not by_ydernummer:
        raise ScenarioError(
            f"The scenario '{scenario.name}' was made for another register",
            where=f"its register {made_for[:12]}, this study's {sha256[:12]}",
            hint="An ydernummer may be another practice there. Look the actions over, then "
            "carry them over by ydernummer (--by-ydernummer, or the button in the app).",
        )
    return replace(scenario, register_sha256=sha256)


def _check_version(raw: Mapping[str, Any], where: str) -> None:
    found = raw.get("format")
    if isinstance(found, int) and not isinstance(found, bool) and found > FORMAT_VERSION:
        raise ScenarioError(
            f"The scenario file has version {found}; this program reads up to {FORMAT_VERSION}",
            where=where,
            hint="Use the newer version of the program that wrote it; the file is unchanged.",
        )
    if found != FORMAT_VERSION or isinstance(found, bool):
        raise ScenarioError(
            f"The file has no version of a scenario file (format = {found!r})",
            where=where,
            hint="Choose a file that this program saved.",
        )


def _action(entry: object) -> Action | list[str]:
    """Return the action of a section, or everything that is wrong with it."""
    if not isinstance(entry, Mapping):
        return ["is no section"]
    kind = entry.get(_KIND_KEY)
    if not isinstance(kind, str) or kind not in KINDS:
        return [f"kind is {kind!r}; known are {', '.join(KINDS)}"]
    known = {field.name: field for field in fields(KINDS[kind])}
    problems = [f"unknown: {key}" for key in sorted(set(entry) - set(known) - {_KIND_KEY})]
    values: dict[str, object] = {}
    for name, field in known.items():
        if name not in entry:
            if field.default is MISSING:
                problems.append(f"{name} is missing")
            continue
        value = _typed(entry[name], str(field.type))
        if value is None:
            problems.append(f"{name} is {entry[name]!r}")
        else:
            values[name] = value
    return problems or KINDS[kind](**values)  # type: ignore[arg-type]


def _typed(value: object, wanted: str) -> object:
    """Return a value in the type that a field names, or None."""
    if "str" in wanted:
        return value if isinstance(value, str) else None
    if "bool" in wanted:
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if "int" in wanted:
        return value if isinstance(value, int) else None
    return float(value)


def _checked(scenario: Scenario, *, where: str) -> Scenario:
    if len(scenario.actions) > MAX_ACTIONS:
        raise ScenarioError(
            f"The scenario has {len(scenario.actions)} actions; at most {MAX_ACTIONS} are kept",
            where=where,
        )
    name = checked_text(scenario.name, where="name", longest=MAX_NAME_LENGTH)
    if not name:
        raise ScenarioError(
            "The scenario has no name", where=where, hint="Give it a name to know it by."
        )
    note = checked_text(scenario.note, where="note", longest=MAX_NOTE_LENGTH)
    actions = tuple(
        _with_checked_texts(action, number) for number, action in enumerate(scenario.actions, 1)
    )
    return replace(scenario, name=name, note=note, actions=actions)


def _with_checked_texts(action: Action, number: int) -> Action:
    texts = {
        field.name: checked_text(
            getattr(action, field.name),
            where=f"action {number}, {field.name}",
            longest=_LONGEST.get(field.name, MAX_NAME_LENGTH),
        )
        for field in fields(action)
        if isinstance(getattr(action, field.name), str)
    }
    return replace(action, **texts)  # type: ignore[arg-type]


def _unreadable(problems: list[str], where: str) -> LaegedaekningError:
    return ScenarioError(
        "The scenario file cannot be used",
        where=where,
        problems=problems,
        hint="Correct these, or save the scenario again; the file is unchanged.",
    )
