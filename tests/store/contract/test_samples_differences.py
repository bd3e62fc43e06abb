"""The stores still differ where README says so, and what it advises is the same in both."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.errors import KgError
from kg.store.base import Store

ROOT = Path(__file__).resolve().parents[3]
_FILE = Path(__file__).with_name("differences.yaml")
DIFFERENCES = yaml.safe_load(_FILE.read_text(encoding="utf-8"))

each_difference = pytest.mark.parametrize(
    "difference", DIFFERENCES, ids=[item["cypher"][:60] for item in DIFFERENCES]
)


def _outcome(store: Store, cypher: str) -> tuple[str, list[str]]:
    try:
        table = store.query(cypher)
    except KgError:
        return "refused", []
    return "rows", sorted(map(repr, table.rows))


@pytest.mark.neo4j
@each_difference
def test_difference_is_still_there(
    difference: dict[str, str], embedded_samples: Store, neo4j_samples: Store
) -> None:
    embedded = _outcome(embedded_samples, difference["cypher"])
    on_server = _outcome(neo4j_samples, difference["cypher"])
    assert (embedded[0], on_server[0]) == (difference["embedded"], difference["neo4j"])
    assert embedded != on_server, "the stores agree now: move the query to queries.yaml"


@each_difference
def test_what_to_write_instead_has_rows(
    difference: dict[str, str], embedded_samples: Store
) -> None:
    assert embedded_samples.query(difference["instead"]).rows


@pytest.mark.neo4j
@each_difference
def test_what_to_write_instead_is_the_same(
    difference: dict[str, str], embedded_samples: Store, neo4j_samples: Store, comparable: Any
) -> None:
    embedded, on_server = (
        comparable(store.query(difference["instead"]))
        for store in (embedded_samples, neo4j_samples)
    )
    assert embedded == on_server


def test_readme_lists_the_differences() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [section] = re.findall(r"^### Where the stores differ$(.*?)^##", readme, re.M | re.S)
    shown = re.findall(r"^\| `(.*?)` \|", section, re.M)
    assert sorted(shown) == sorted({item["shown"] for item in DIFFERENCES})
