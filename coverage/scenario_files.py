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
    os_reason,
    toml_reason,
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
from coverage.sentences import said, sentence
from coverage.sources.free_text import checked_text
from coverage.wording import say

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
    raw = _parsed(content, where)
    _check_version(raw, where)
    problems: list[str] = [sentence("unknown: {key}", key=key) for key in sorted(set(raw) - _HEAD)]
    problems += [
        sentence("{key} is no text", key=key)
        for key in ("name", "note", "register_sha256")
        if not isinstance(raw.get(key, ""), str)
    ]
    entries = raw.get("action", [])
    if not isinstance(entries, list):
        problems.append(sentence("action is no list of [[action]] sections"))
        entries = []
    actions = []
    for number, entry in enumerate(entries, start=1):
        action = _action(entry)
        if isinstance(action, list):
            problems += [
                sentence("action {number}: {problem}", number=number, problem=problem)
                for problem in action
            ]
        else:
            actions.append(action)
    if problems:
        raise _unreadable(problems, where)
    texts = {key: raw.get(key, "") for key in ("name", "note", "register_sha256")}
    try:
        return _checked(Scenario(**texts, actions=tuple(actions)), where=where)
    except (InvalidValueError, PersonalDataError) as failure:
        problem = sentence("{where}: {what}", where=failure.where, what=failure.what)
        raise _unreadable([problem], where) from None


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
            sentence("The scenario file cannot be opened ({failure})", failure=os_reason(failure)),
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
            sentence("The scenario cannot be saved ({failure})", failure=os_reason(failure)),
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
            sentence("The scenario '{name}' was made for another register", name=scenario.name),
            where=sentence(
                "its register {made_for}, this study's {ours}",
                made_for=made_for[:12],
                ours=sha256[:12],
            ),
            hint="An ydernummer may be another practice there. Look the actions over, then "
            "carry them over by ydernummer (--by-ydernummer, or the button in the app).",
        )
    return replace(scenario, register_sha256=sha256)


def _parsed(content: bytes, where: str) -> dict[str, Any]:
    if len(content) > MAX_FILE_BYTES:
        raise ScenarioError(
            sentence(
                "The scenario file has {count:,} bytes; at most {most:,} are read",
                count=len(content),
                most=MAX_FILE_BYTES,
            ),
            where=where,
            hint="Is it a scenario file?",
        )
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as failure:
        raise ScenarioError(
            sentence(
                "The scenario file is not valid TOML ({failure})", failure=toml_reason(failure)
            ),
            where=where,
            hint="Choose a file that this program saved, or save it again.",
        ) from None


def _check_version(raw: Mapping[str, Any], where: str) -> None:
    found = raw.get("format")
    if isinstance(found, int) and not isinstance(found, bool) and found > FORMAT_VERSION:
        raise ScenarioError(
            sentence(
                "The scenario file has version {found}; this program reads up to {newest}",
                found=found,
                newest=FORMAT_VERSION,
            ),
            where=where,
            hint="Use the newer version of the program that wrote it; the file is unchanged.",
        )
    if found != FORMAT_VERSION or isinstance(found, bool):
        raise ScenarioError(
            sentence(
                "The file has no version of a scenario file (format = {found})", found=repr(found)
            ),
            where=where,
            hint="Choose a file that this program saved.",
        )


def _action(entry: object) -> Action | list[str]:
    """Return the action of a section, or everything that is wrong with it."""
    if not isinstance(entry, Mapping):
        return [sentence("is no section")]
    kind = entry.get(_KIND_KEY)
    if not isinstance(kind, str) or kind not in KINDS:
        known_kinds = ", ".join(KINDS)
        return [sentence("kind is {kind}; known are {known}", kind=repr(kind), known=known_kinds)]
    known = {field.name: field for field in fields(KINDS[kind])}
    unknown = sorted(set(entry) - set(known) - {_KIND_KEY})
    problems: list[str] = [sentence("unknown: {key}", key=key) for key in unknown]
    values: dict[str, object] = {}
    for name, field in known.items():
        if name not in entry:
            if field.default is MISSING:
                problems.append(sentence("{name} is missing", name=name))
            continue
        value = _typed(entry[name], str(field.type))
        if value is None:
            problems.append(sentence("{name} is {value}", name=name, value=repr(entry[name])))
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
            sentence(
                "The scenario has {count} actions; at most {most} are kept",
                count=len(scenario.actions),
                most=MAX_ACTIONS,
            ),
            where=where,
        )
    name = checked_text(scenario.name, where=_where("name"), longest=MAX_NAME_LENGTH)
    if not name:
        raise ScenarioError(
            "The scenario has no name", where=where, hint="Give it a name to know it by."
        )
    note = checked_text(scenario.note, where=_where("note"), longest=MAX_NOTE_LENGTH)
    actions = tuple(
        _with_checked_texts(action, number) for number, action in enumerate(scenario.actions, 1)
    )
    return replace(scenario, name=name, note=note, actions=actions)


def _where(name: str) -> str:
    """Return the name of a text of the scenario's own."""
    return said(name, say(f"scenario.text.{name}", "da"))


def _with_checked_texts(action: Action, number: int) -> Action:
    texts = {
        field.name: checked_text(
            getattr(action, field.name),
            # Each field is a template of its own: as a word it may be another file's column.
            where=sentence(f"action {{number}}, {field.name}", number=number),
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
