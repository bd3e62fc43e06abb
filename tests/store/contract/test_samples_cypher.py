"""The queries that people write give the same rows in every store (`queries.yaml`)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.store.base import Store

_FILE = Path(__file__).with_name("queries.yaml")
_READ = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
QUERIES = [{"cypher": item} if isinstance(item, str) else item for item in _READ]

each_query = pytest.mark.parametrize(
    "query", QUERIES, ids=[item.get("name") or item["cypher"][:60] for item in QUERIES]
)


def test_there_are_many_queries_and_few_without_rows() -> None:
    assert len(QUERIES) >= 90
    assert len({item["cypher"] for item in QUERIES}) == len(QUERIES)
    assert sum(bool(item.get("empty")) for item in QUERIES) < len(QUERIES) / 20


@each_query
def test_query_has_rows(query: dict[str, Any], embedded_samples: Store) -> None:
    rows = embedded_samples.query(query["cypher"], query.get("parameters")).rows
    assert bool(rows) != bool(query.get("empty"))


@pytest.mark.neo4j
@each_query
def test_query_gives_the_same_rows(
    query: dict[str, Any], embedded_samples: Store, neo4j_samples: Store, comparable
) -> None:
    ordered = query.get("ordered", False)
    embedded, on_server = (
        comparable(store.query(query["cypher"], query.get("parameters")), ordered=ordered)
        for store in (embedded_samples, neo4j_samples)
    )
    assert embedded == on_server


@pytest.mark.neo4j
def test_samples_are_the_same_graph(embedded_samples: Store, neo4j_samples: Store, content) -> None:
    assert content(embedded_samples) == content(neo4j_samples)
