"""What an import graph cannot see; who may import whom stands in .importlinter."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from pandera.pandas import DataFrameSchema

from coverage import tables
from coverage.rules import load_ruleset
from coverage.signal_rule import CRITERIA, MEASURES
from coverage.study_file import load_study

ROOT = Path(__file__).parents[2]
PRODUCT = ("coverage", "data", "benchmarks")

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 6
MAX_PAGE_LINES = 120
MAX_APP_LINES = 15
SILENT_BUT = ("coverage/commands/terminal.py",)
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "process", "data"}

CONTRACTS = [table for table in vars(tables).values() if isinstance(table, DataFrameSchema)]
# What a name ends in, and what is a unit by itself.
UNIT = re.compile(r"(?:^|_)(?:m|km|s|pct|persons|year|epsg|capacities|row)$")
# Folders of one machine, which nobody else has.
MACHINE_PATH = re.compile(r"(?<![\w.:/~-])/(?:home|Users|root|work|mnt|tmp|opt)/\w")


@cache
def files_in_git():
    """Return what is committed, or would be: what .gitignore leaves out is left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@cache
def product_modules():
    names = [name for name in files_in_git() if name.endswith(".py")]
    return tuple(name for name in names if name.split("/")[0] in PRODUCT)


@cache
def syntax(name):
    return ast.parse((ROOT / name).read_text("utf-8"))


def functions(name):
    for node in ast.walk(syntax(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(function):
    """Return a function's lines without decorators and docstring: those hold no logic."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def test_there_are_modules_to_look_at():
    assert "coverage/cli.py" in product_modules()
    assert len(product_modules()) > 20


def test_modules_are_short():
    lines = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in product_modules()}
    assert {name: count for name, count in lines.items() if count > MAX_MODULE_LINES} == {}


def test_functions_are_short():
    long = {
        f"{name}:{function.name}": code_lines(function)
        for name in product_modules()
        for function in functions(name)
        if code_lines(function) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_functions_take_few_parameters():
    # Keywords only are named where they are used, as in a dataclass.
    positional = {
        f"{name}:{function.name}": [
            argument.arg
            for argument in (*function.args.posonlyargs, *function.args.args)
            if argument.arg not in ("self", "cls")
        ]
        for name in product_modules()
        for function in functions(name)
    }
    assert {name: args for name, args in positional.items() if len(args) > MAX_PARAMETERS} == {}


def test_pages_of_the_app_are_short():
    pages = [name for name in product_modules() if name.startswith("coverage/ui/pages/")]
    lines = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in pages}
    assert pages
    assert {name: count for name, count in lines.items() if count > MAX_PAGE_LINES} == {}
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) <= MAX_APP_LINES


def test_no_module_has_a_name_that_says_nothing():
    vague = [
        name
        for name in product_modules()
        if {part.removesuffix(".py").strip("_") for part in name.split("/")[1:]} & VAGUE_NAMES
    ]
    assert vague == []


def test_only_the_command_line_prints():
    printing = [
        f"{name}:{node.lineno}"
        for name in product_modules()
        if name.startswith("coverage/") and name not in SILENT_BUT
        for node in ast.walk(syntax(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert printing == []


def test_nothing_catches_every_error_or_imports_every_name():
    found = [
        f"{name}:{node.lineno}"
        for name in product_modules()
        for node in ast.walk(syntax(name))
        if (isinstance(node, ast.ExceptHandler) and node.type is None)
        or (isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names))
    ]
    assert found == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_number_of_a_table_says_its_unit(contract):
    numbers = [
        name
        for name, column in contract.columns.items()
        if column.dtype is not None and str(column.dtype).startswith(("int", "float"))
    ]
    assert [name for name in numbers if not UNIT.search(name)] == []


def test_every_rule_decides_something():
    """A rule that no module reads would be shown to planners and change nothing."""
    read = {
        node.attr
        for name in product_modules()
        if name.startswith("coverage/") and name != "coverage/rules.py"
        for node in ast.walk(syntax(name))
        if isinstance(node, ast.Attribute)
    }
    # The criteria of a designation know their thresholds and weights by name.
    read |= {measure.rule for measure in MEASURES.values()}
    read |= {f"weight_{criterion}" for criterion in CRITERIA}
    day = load_study(ROOT / "data/demo/study.toml").as_of
    keys = load_ruleset("default", day).rules
    assert [key for key in keys if key.split(".")[1] not in read] == []


def test_no_file_names_a_folder_of_somebodys_machine():
    own = str(ROOT)
    found = []
    for name in files_in_git():
        raw = (ROOT / name).read_bytes()
        if b"\0" in raw[:8192]:
            if own.encode() in raw:
                found.append(name)
            continue
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), start=1):
            if MACHINE_PATH.search(line) or own in line:
                found.append(f"{name}:{number}")
    assert found == []


def test_no_file_in_git_is_large():
    """Real data never gets in by accident; the demo is small."""
    large = {
        name: size for name in files_in_git() if (size := (ROOT / name).stat().st_size) > 2_500_000
    }
    assert large == {}
