"""Risky operations live in one file, and that file does what it says."""

import ast
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import features
from features.ops import (
    count_where,
    days_between,
    differ,
    distinct_where,
    found,
    last_of,
    log_ratio,
    month_of,
    product,
    quantile,
    quarter_of,
    quotient,
    ratio,
    share,
    share_of,
    total,
    trailing,
)

ROOM = Path(features.__path__[0])
OTHERS = sorted(path for path in ROOM.glob("*.py") if path.name != "ops.py")
FORBIDDEN_CALLS = {
    "mean",
    "delta",
    "hash",
    "approx_median",
    "approx_nunique",
    "last",
    "sql",
    "mode",
}


def risky(path: Path) -> Iterator[str]:
    """Operations of a file that engines do differently, or that floats make inexact."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield f"{path.name}:{node.lineno} divides"
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in FORBIDDEN_CALLS:
            yield f"{path.name}:{node.lineno} calls {node.func.attr}"
        if any(keyword.arg == "where" for keyword in node.keywords) and not _of_extremes(node):
            yield f"{path.name}:{node.lineno} filters an aggregate"


def _of_extremes(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in {"min", "max"}


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_risky_operations_are_in_ops_alone(path: Path) -> None:
    # networks reckon in numpy on the driver, and divide there
    found_here = [told for told in risky(path) if not told.endswith("divides") or _is_ibis(path)]
    assert found_here == []


def _is_ibis(path: Path) -> bool:
    return path.name != "network.py"


def test_the_watch_sees_what_it_forbids(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("a / b\nt.x.mean()\nt.x.nunique(where=t.y)\nt.x.max(where=t.y)\n")
    told = ["divides", "calls mean", "filters an aggregate"]
    assert [line.split(" ", 1)[1] for line in risky(bad)] == told


def test_no_other_engine_is_named() -> None:
    for path in ROOM.glob("*.py"):
        imports = {
            name.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import)
            for name in node.names
        }
        assert not imports & {"duckdb", "pyspark", "sqlglot"}, path.name


ROWS = pa.table(
    {
        "enterprise": ["A", "A", "A", "B"],
        "amount": pa.array(
            [Decimal("0.1"), Decimal("0.2"), None, Decimal(5)], pa.decimal128(18, 5)
        ),
        "flag": [True, False, None, True],
        "name": ["x", "x", "y", None],
        "happened_at": pa.array(
            [
                datetime.fromisoformat("2025-01-02"),
                datetime.fromisoformat("2025-06-30T23:00"),
                datetime.fromisoformat("2024-01-01"),
                datetime.fromisoformat("2025-01-01"),
            ],
            pa.timestamp("us"),
        ),
        "document_key": ["1", "2", "3", "4"],
    }
)


def test_aggregates_of_a_and_b() -> None:
    rows = ibis.memtable(ROWS)
    table = (
        rows.group_by("enterprise")
        .agg(
            share=share(rows.flag),
            count=count_where(rows.flag),
            total=total(rows.amount),
            share_of=share_of(rows.amount, rows.flag),
            names=distinct_where(rows.name, rows.flag.notnull()),
            median=quantile(rows.amount, 0.5),
            nothing=ratio(rows.amount.sum(), rows.amount.sum() - rows.amount.sum()),
        )
        .order_by("enterprise")
        .to_pyarrow()
        .to_pylist()
    )
    a, b = table
    assert a == {
        "enterprise": "A",
        "share": 0.5,
        "count": 1,
        "total": Decimal("0.30000"),
        "share_of": 0.1 / 0.3,
        "names": 1,
        "median": pytest.approx(0.15),
        "nothing": None,
    }
    assert (b["share"], b["total"], b["names"]) == (1, Decimal(5), 0)


def test_row_by_row() -> None:
    rows = ibis.memtable(ROWS)
    got = rows.select(
        "document_key",
        product=product(rows.amount, rows.amount),
        quotient=quotient(rows.amount, rows.amount - rows.amount),
        log=log_ratio(rows.amount, rows.amount),
        differ=differ(rows.amount, rows.amount.coalesce(0), "0.01"),
        found=found(rows.flag),
        month=month_of(rows.happened_at),
        quarter=quarter_of(rows.happened_at),
        days=days_between(rows.happened_at, ibis.literal(date(2025, 7, 1))),
        last=last_of("enterprise"),
    )
    second = got.filter(got.document_key == "2").to_pyarrow().to_pylist()[0]
    assert second == {
        "document_key": "2",
        "product": Decimal("0.04"),
        "quotient": None,
        "log": 0,
        "differ": False,
        "found": False,
        "month": date(2025, 6, 1),
        "quarter": date(2025, 4, 1),
        "days": 1,
        "last": True,
    }
    third = got.filter(got.document_key == "3").to_pyarrow().to_pylist()[0]
    assert (third["differ"], third["found"], third["log"]) == (None, False, None)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**9), 10**9))
@example(3 * 10**13, 720_000)
@example(999_999_999, 999_999_999)
@settings(max_examples=30, deadline=None)
def test_a_product_is_exact_however_large(left: int, right: int) -> None:
    factors = [Decimal(number).scaleb(-5) for number in (left, right)]
    rows = ibis.memtable(
        pa.table(
            {n: pa.array([x], pa.decimal128(18, 5)) for n, x in zip("ab", factors, strict=True)}
        )
    )
    got = rows.select(product=product(rows.a, rows.b)).to_pyarrow()["product"].to_pylist()
    with localcontext(prec=40):
        exactly = factors[0] * factors[1]
        assert got == [exactly.quantize(Decimal("0.00001"), ROUND_HALF_UP)]


def test_trailing_days_end_with_as_of() -> None:
    rows = ibis.memtable(ROWS)
    kept = trailing(rows, date(2025, 6, 30), 180).document_key.to_pyarrow().to_pylist()
    assert sorted(kept) == ["1", "2"]
