"""Ages of doctors that are withheld leave no trace in any file."""

import pytest

from coverage.exports import write_outputs
from coverage.exports.scenario_outputs import write_scenario_outputs
from coverage.scenario.actions import Close, Scenario
from tests.annex_town import BIRTH_YEARS, annex_town
from tests.compared_town import compared_town
from tests.drawn_town import drawn_stamp


def exit_pct(town, area_id):
    table = town.capacity.by_area["kommune"].set_index("area_id")
    return table.loc[area_id, "expected_exit_pct"]


def test_ages_that_only_differ_where_they_are_withheld_give_the_same_bytes(tmp_path):
    """Two doctors of a capacity each change places; the total stays, and so does every file."""
    one = annex_town()
    years = {**BIRTH_YEARS, "010002": (1962,), "010004": (1955,)}
    other = annex_town(birth_years=years)
    assert exit_pct(one, "0450") == pytest.approx(33.404, abs=0.001)
    assert exit_pct(other, "0450") != pytest.approx(33.404, abs=0.1)
    for folder, town in (("one", one), ("other", other)):
        write_outputs(town, drawn_stamp(town), tmp_path / folder)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name


def test_ages_at_a_practice_that_closes_leave_no_trace_in_the_files_of_the_closing(tmp_path):
    """P2's doctor is 71 or 64: the register's figures differ, the closing's may not.

    Not even in the comparison, whose before is the register.
    """
    closing = Scenario(name="P2 lukker", actions=(Close(ydernummer="010002"),))
    for folder, p2 in (("one", 1955), ("other", 1962)):
        town = annex_town(birth_years={**BIRTH_YEARS, "010002": (p2,)})
        one = compared_town(closing, town=town)
        write_scenario_outputs(one, one.stamp, b"", tmp_path / folder)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name
