"""Indexes made of a few lines of CSV."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from promptguard.detectors.tenants.build import BuildReport, build_index
from promptguard.detectors.tenants.index import TenantIndex
from promptguard.detectors.tenants.layout import TableLayout

KEY = bytes(range(32))


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[TenantIndex, BuildReport]]:
    """Builds an index of a CSV's text; keywords are those of the layout."""

    def make(content: str, **layout: Any) -> tuple[TenantIndex, BuildReport]:
        table, index = tmp_path / "customers.csv", tmp_path / "tenants.index"
        table.write_text(content, "utf-8", newline="")
        report = build_index(table, index, KEY, layout=TableLayout.model_validate_json(orjson.dumps(layout)))
        return TenantIndex.load(index, KEY), report

    return make
