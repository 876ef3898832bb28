"""What a checked table breaks is told in Danish, too: which table, and which of its checks."""

import pandas as pd
import pandera.pandas as pa
import pytest

from coverage import plan_tables, tables
from coverage.errors import DuplicateIdError, InvalidValueError, MissingColumnError
from coverage.plan_tables import DISPLACED
from coverage.tables import check_table
from coverage.wording import error_texts, say_error

CONTRACTS = {
    contract.name: contract
    for module in (tables, plan_tables)
    for contract in vars(module).values()
    if isinstance(contract, pa.DataFrameSchema)
}


def displaced(ids, persons):
    return pd.DataFrame({"ydernummer": ids, "persons": persons})


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_table_has_danish_words(name):
    assert f"table of {name}" in error_texts()


def test_a_column_that_lacks_is_told_in_danish():
    table = displaced(["010001"], [1.0]).drop(columns="persons")
    with pytest.raises(MissingColumnError) as caught:
        check_table(table, DISPLACED, where="test")
    assert say_error(caught.value.what, "da") == (
        "I tabellen over patienter fra lukkede praksis mangler: persons"
    )


@pytest.mark.parametrize(
    ("table", "error", "told"),
    [
        (displaced(["010001"], [-1.5]), InvalidValueError, "persons' {} (mindst 0): -1.5"),
        (
            displaced(["010001", "010001"], [1.0, 2.0]),
            DuplicateIdError,
            "ydernummer' {} (må kun stå én gang): '010001', '010001'",
        ),
    ],
)
def test_a_check_that_is_broken_is_told_in_danish(table, error, told):
    with pytest.raises(error) as caught:
        check_table(table, DISPLACED, where="test")
    danish = told.format("indeholder noget, den ikke må")
    assert say_error(caught.value.what, "da") == f"Kolonnen '{danish}"
