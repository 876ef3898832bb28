"""The notebooks run on the demo from top to bottom, and are kept without what they showed."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TIMEOUT_S = 300
FIRST = pytest.mark.parametrize("executed", NOTEBOOKS[:1], indirect=True, ids=["first"])
SECOND = pytest.mark.parametrize("executed", NOTEBOOKS[1:2], indirect=True, ids=["second"])
THIRD = pytest.mark.parametrize("executed", NOTEBOOKS[2:3], indirect=True, ids=["third"])
# In the kernel, before the first cell: what the notebook's own code warns of is an error.
STRICT = """
import warnings
warnings.filterwarnings("error", module=r"__main__|coverage(\\\\..*)?")
warnings.filterwarnings("error", category=FutureWarning)
"""


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_numbered_and_holds_no_outputs(path):
    assert path.name[:2].isdigit()
    notebook = read(path)
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names_only(path):
    source = "\n".join(cell.source for cell in code_cells(read(path)))
    assert "from coverage" in source
    assert "._" not in source
    assert "import _" not in source


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request, tmp_path_factory):
    """Run a copy beside a copy of the demo, so that nothing is left in the repository."""
    folder = tmp_path_factory.mktemp("repository")
    (folder / "notebooks").mkdir()
    for part in ("demo", "facts"):
        shutil.copytree(ROOT / "data" / part, folder / "data" / part)
    notebook = read(request.param)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder / "notebooks")}},
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(name, str(folder / "jupyter"))
        patch.setenv("PYTHONPATH", str(ROOT))
        client.execute()
    return notebook


def pages(notebook):
    """Return what the notebook shows, as HTML."""
    shown = [output for cell in code_cells(notebook) for output in cell.outputs]
    return [output.data.get("text/html", "") for output in shown if "data" in output]


def table_with(notebook, word):
    """Return the first table that holds a word, as text."""
    return next(
        output.data["text/plain"]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "data" in output and word in output.data.get("text/plain", "")
    )


def test_a_notebook_runs_and_shows_a_table(executed):
    shown = [output for cell in code_cells(executed) for output in cell.outputs]
    assert any("<table" in page and "<iframe" not in page for page in pages(executed))
    assert [output.text for output in shown if output.get("name") == "stderr"] == []


@FIRST
def test_the_first_notebook_ends_with_a_map(executed):
    last = pages(executed)[-1]
    assert "<iframe" in last
    assert "leaflet" in last


@FIRST
def test_the_candidate_of_the_notebook_gives_people_a_choice(executed):
    table = table_with(executed, "with one more")
    row = next(line for line in table.splitlines() if line.startswith("Two or more"))
    today, with_one_more, change = (float(cell) for cell in row.split()[-3:])
    assert with_one_more > today
    assert change == pytest.approx(with_one_more - today, abs=1)


@SECOND
def test_the_override_of_the_notebook_sets_a_signal_that_is_not_computed(executed):
    row = next(page for page in pages(executed) if "The only practice on the coast" in page)
    assert "<td>no_signal</td>" in row
    assert "<td>signal</td>" in row


@SECOND
def test_the_notebook_shows_signals_an_agenda_and_the_plans_list(executed):
    assert table_with(executed, "Weight of met criteria")
    assert table_with(executed, "shall the area be designated?")
    assert table_with(executed, "agreed")


@THIRD
def test_the_placement_of_the_notebook_is_proved_and_mends_the_closings(executed):
    said = "".join(
        output.text
        for cell in code_cells(executed)
        for output in cell.outputs
        if output.get("name") == "stdout"
    )
    assert "Proved" in said
    names = r"<td>Two close</td>\s*<td>Two close, three open</td>"
    row = re.search(names + r"\s*<td>([\d.]+)</td>\s*<td>([\d.]+)</td>", "".join(pages(executed)))
    gained, lost = map(float, row.groups())
    assert gained > 0
    assert lost == 0


@THIRD
def test_the_notebook_shows_a_frontier_and_the_years_to_the_target(executed):
    frontier = table_with(executed, "At most so many new practices").splitlines()
    assert [line.split()[1] for line in frontier[1:4]] == ["1", "2", "3"]
    assert "2035" in table_with(executed, "capacities_end")
    assert table_with(executed, "signal_probability")
