"""Cypher is reworded where ArcadeDB would lose a relationship, refused where it would not group."""

import pytest

from kg.errors import QueryError
from kg.store.arcade_cypher import check_aggregates, keep_relationships


@pytest.mark.parametrize(
    ("cypher", "reworded"),
    [
        (
            "MATCH (a)-[r]->(b), (p:Paper {id: r.paper}) RETURN p",
            "MATCH (a)-[r WHERE r IS NOT NULL]->(b), (p:Paper {id: r.paper}) RETURN p",
        ),
        (
            "MATCH (a)<-[r:USES|IS_A {role: 'x'}]-(b)<-[s {paper: r.paper}]-(c) RETURN c",
            "MATCH (a)<-[r:USES|IS_A {role: 'x'} WHERE r IS NOT NULL]-(b)<-[s {paper: r.paper}]-(c)"
            " RETURN c",
        ),
        (
            "MATCH ()-[r:USES]->() MATCH (a {id: startNode(r).id}) RETURN '-[r:USES]- {id: r.x}'",
            "MATCH ()-[r:USES WHERE r IS NOT NULL]->() MATCH (a {id: startNode(r).id}) "
            "RETURN '-[r:USES]- {id: r.x}'",
        ),
    ],
    ids=["no type", "map of its own", "function"],
)
def test_relationship_that_a_pattern_uses_is_kept(cypher: str, reworded: str) -> None:
    assert keep_relationships(cypher) == reworded
    assert keep_relationships(reworded) == reworded


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (a)-[r:USES]->(b) RETURN r.role",
        "MATCH (a)-[r:USES]->(b) RETURN {role: r.role} AS uses",
        "MATCH (a)-[r:USES]->(b {name: $name}) RETURN count(*)",
        "MATCH (a)-[r:USES*1..2]->(b) MATCH (p {id: r[0].paper}) RETURN p",
        "MATCH (a)-[r:USES]->(b {name: 'r.x'}) RETURN count(*)",
        "CREATE (a)-[r:USES]->(b) CREATE (c {id: r.id})",
        "MATCH (a) /* -[r]-> */ RETURN 1 // -[r]-> ({id: r.id})",
    ],
)
def test_other_queries_are_left_as_they_are(cypher: str) -> None:
    assert keep_relationships(cypher) == cypher


@pytest.mark.parametrize(
    "projection",
    [
        "'BBH' IN collect(b.name)",
        "count(b) > 1 AND count(b) < 5",
        "NOT count(b) > 1",
        "max(b.year) IS NULL",
        "min(b.name) STARTS WITH 'L'",
        "min(b.name) =~ 'L.*'",
        "coalesce('BBH' IN collect(b.name), false)",
        "CASE WHEN max(b.year) IS NULL THEN 1 END",
        "[max(b.year) IS NOT NULL]",
        "{none: head(collect(b)).id IS NULL}",
    ],
)
@pytest.mark.parametrize(
    "clauses",
    [
        "RETURN m, {} AS x",
        "with m, {} as x return x",
        "RETURN 1 AS y UNION RETURN DISTINCT {} AS y",
    ],
)
def test_aggregate_below_an_operator_is_refused(projection: str, clauses: str) -> None:
    with pytest.raises(QueryError, match="name the aggregate first"):
        check_aggregates("MATCH (m)-->(b) " + clauses.replace("{}", projection))


@pytest.mark.parametrize(
    "projection",
    [
        "count(b) > 1 AS x",
        "count(b IS NULL) AS x, sum(CASE WHEN b.x AND b.y THEN 1 ELSE 0 END) AS y",
        "b.name IN ['a'] AS x, count(*) AS ends, max(b.year) AS contains",
        "any(x IN collect(b.name) WHERE x IN ['a'] AND x CONTAINS 'a') AS x",
        "[x IN collect(b) WHERE x.a IS NULL | NOT x.b] AS x",
        "reduce(s = 0, x IN collect(b.name) | s + size(x)) AS x",
        "CASE WHEN b.x IS NULL THEN 'a' ELSE 'b' END AS x, count(*) AS n",
        "sum(r.count) AS n, r.max IS NULL AS x, 'count(x) IS NULL' AS text",
        "count(*) AS n ORDER BY n IS NULL, n",
        "b.x IS NULL AS x, COUNT { MATCH (b)-->(c) RETURN count(c) } AS n",
        "EXISTS { (b)-->() WHERE b.x IN [1] } AS x, count(*) AS n",
    ],
)
def test_aggregate_beside_an_operator_is_let_through(projection: str) -> None:
    check_aggregates(f"MATCH (m)-[r]->(b) WHERE NOT b.x IS NULL RETURN {projection}")


def test_condition_after_an_aggregate_is_let_through() -> None:
    check_aggregates("MATCH (m)-->(b) WITH m, count(b) AS n WHERE n > 1 AND NOT n IN [3] RETURN n")
