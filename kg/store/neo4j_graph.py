"""The graph of a Neo4j store: constraints, reading it whole, and applying changes to it.

Only Cypher that 5.26 and the newest version share, without APOC. Labels and types come from the
schema. Relationships are found by their ids' constraint and made anew: `MERGE` between two nodes
would walk the relationships of one of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError
from kg.records import Edge, Node, Value
from kg.schema import Label, load_schema
from kg.store.base import Changes
from kg.store.batches import batches, check_keys, paper_batches
from kg.store.neo4j_connection import Connection
from kg.store.values import property_order

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

__all__ = ["apply_changes", "make_constraints", "stored_edges", "stored_nodes"]

_BATCH_ROWS = 5000
_OUR_LABELS = ("KgStore", "KgRecord")
_TEXT_INDEXED = frozenset({"title"})
"""Properties too long for a range index, which refuses more than 8 kB."""


def make_constraints(connection: Connection) -> None:
    """Make the constraints and indexes that are not there yet, and wait for them."""
    rows = connection.read("SHOW CONSTRAINTS YIELD name") + connection.read(
        "SHOW INDEXES YIELD name"
    )
    known = {row["name"] for row in rows}
    missing = {name: text for name, text in _constraints().items() if name not in known}
    for statement in missing.values():
        connection.write(statement)
    if missing:
        connection.read("CALL db.awaitIndexes(300)")


def _constraints() -> dict[str, str]:
    """Return the statement that makes each constraint and index, by its name."""
    schema = load_schema()
    statements: dict[str, str] = {}
    for label in (*_OUR_LABELS, schema.entity_label, *schema.properties):
        name = f"kg_{label.lower()}_id"
        statements[name] = (
            f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        )
    for label, properties in schema.indexed.items():
        for key in properties:
            kind = "TEXT " if key in _TEXT_INDEXED else ""
            name = f"kg_{label.lower()}_{key}"
            statements[name] = (
                f"CREATE {kind}INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.{key})"
            )
    for relation_type in schema.relationships:
        name = f"kg_{relation_type.lower()}_id"
        statements[name] = (
            f"CREATE CONSTRAINT {name} IF NOT EXISTS "
            f"FOR ()-[r:{relation_type}]-() REQUIRE r.id IS UNIQUE"
        )
    labels = "|".join(schema.kinds)
    statements["kg_names"] = (
        f"CREATE FULLTEXT INDEX kg_names IF NOT EXISTS FOR (n:{labels}) ON EACH [n.name, n.aliases]"
    )
    return statements


def stored_nodes(connection: Connection) -> Iterator[Node]:
    """Yield the nodes under the schema's labels that have an id."""
    for label in load_schema().properties:
        for row in connection.scan(
            f"MATCH (n:{label}) WHERE n.id IS NOT NULL RETURN properties(n) AS properties"
        ):
            properties = row["properties"]
            yield Node(id=properties["id"], label=label, properties=_properties(properties, label))


def stored_edges(connection: Connection) -> Iterator[Edge]:
    """Yield the relationships of the schema's types that have an id."""
    for name in load_schema().relationships:
        for row in connection.scan(
            f"MATCH (a)-[r:{name}]->(b) WHERE r.id IS NOT NULL RETURN a.id AS source, "
            "labels(a) AS source_labels, b.id AS target, labels(b) AS target_labels, "
            "properties(r) AS properties"
        ):
            properties = row["properties"]
            yield Edge(
                id=properties["id"],
                type=name,
                source=row["source"],
                source_label=_label(row["source_labels"]),
                target=row["target"],
                target_label=_label(row["target_labels"]),
                properties=_properties(properties, name),
            )


def apply_changes(connection: Connection, changes: Changes) -> None:
    """Write nodes, then what papers state (whole papers a transaction), then the rest."""
    check_keys(changes)
    stored = _Stored(connection)
    papers, nodes, edges = paper_batches(changes, _BATCH_ROWS)
    work: list[tuple[Sequence[Node], Sequence[Edge]]] = [
        (batch, ()) for batch in batches(nodes, _BATCH_ROWS)
    ]
    work += papers
    work += [((), batch) for batch in batches(edges, _BATCH_ROWS)]
    for some_nodes, some_edges in work:
        connection.write_together(_Batch(some_nodes, some_edges, stored).write)
    for edge_batch in batches(changes.edges_delete, _BATCH_ROWS):
        connection.write_together(_Batch((), edge_batch, stored).delete)
    for node_batch in batches(changes.nodes_delete, _BATCH_ROWS):
        connection.write_together(_Batch(node_batch, (), stored).delete)


class _Stored:
    """Which labels and types the database had before: there is nothing to look for in the rest."""

    def __init__(self, connection: Connection) -> None:
        schema = load_schema()
        # The counts of labels and types are kept by the server: this reads no nodes.
        nodes = [
            f"MATCH (n:{label}) RETURN '{label}' AS name, count(n) AS n"
            for label in sorted({schema.anchor(label) for label in schema.properties})
        ]
        edges = [
            f"MATCH ()-[r:{name}]->() RETURN '{name}' AS name, count(r) AS n"
            for name in schema.relationships
        ]
        rows = connection.read(" UNION ALL ".join(nodes + edges))
        self.names = frozenset(row["name"] for row in rows if row["n"])


class _Batch:
    """What one transaction writes or deletes; it may run more than once."""

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge], stored: _Stored) -> None:
        self._nodes = nodes
        self._edges = edges
        self._stored = stored.names

    def write(self, transaction: "ManagedTransaction") -> None:
        """Write the nodes, then the relationships."""
        _write_nodes(transaction, self._nodes, self._stored)
        _delete_edges(transaction, (edge for edge in self._edges if edge.type in self._stored))
        _write_edges(transaction, self._edges)

    def delete(self, transaction: "ManagedTransaction") -> None:
        """Delete the relationships, then the nodes."""
        _delete_edges(transaction, self._edges)
        by_label: dict[str, list[str]] = defaultdict(list)
        for node in self._nodes:
            by_label[node.label].append(node.id)
        for label, ids in sorted(by_label.items()):
            _run(
                transaction,
                f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) DETACH DELETE n",
                ids=ids,
            )


def _write_nodes(
    transaction: "ManagedTransaction", nodes: Iterable[Node], stored: frozenset[str]
) -> None:
    """Merge on the anchor's key, so that a node of another label takes the new one."""
    schema = load_schema()
    by_label: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for node in nodes:
        by_label[node.label].append(_written(node.properties) | {"id": node.id})
    for label, rows in sorted(by_label.items()):
        anchor = schema.anchor(label)
        if anchor not in stored:
            labels = label if anchor == label else f"{anchor}:{label}"
            _run(transaction, f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row", rows=rows)
            continue
        relabel = ""
        if anchor != label:
            others = ":".join(name for name in schema.kinds if name != label)
            relabel = f"REMOVE n:{others} SET n:{label} "
        _run(
            transaction,
            f"UNWIND $rows AS row MERGE (n:{anchor} {{id: row.id}}) {relabel}SET n = row",
            rows=rows,
        )


def _write_edges(transaction: "ManagedTransaction", edges: Iterable[Edge]) -> None:
    anchor = load_schema().anchor
    by_shape: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        shape = (edge.type, anchor(edge.source_label), anchor(edge.target_label))
        by_shape[shape].append(edge)
    for (name, source, target), group in sorted(by_shape.items()):
        rows = [
            [edge.source, edge.target, _written(edge.properties) | {"id": edge.id}]
            for edge in group
        ]
        made = _run(
            transaction,
            f"UNWIND $rows AS row MATCH (a:{source} {{id: row[0]}}) "
            f"MATCH (b:{target} {{id: row[1]}}) CREATE (a)-[r:{name}]->(b) "
            "SET r = row[2] RETURN count(r) AS made",
            rows=rows,
        )
        if made[0]["made"] != len(rows):
            raise StoreError(_missing_end(transaction, group))


def _missing_end(transaction: "ManagedTransaction", edges: Iterable[Edge]) -> str:
    anchor = load_schema().anchor
    for edge in edges:
        for label, node_id in ((edge.source_label, edge.source), (edge.target_label, edge.target)):
            query = f"MATCH (n:{anchor(label)} {{id: $id}}) RETURN n.id"
            if not _run(transaction, query, id=node_id):
                return (
                    f"relationship {edge.type} {edge.id}: there is no {label} with id {node_id!r}"
                )
    return "a relationship could not be made, although both of its ends exist"


def _delete_edges(transaction: "ManagedTransaction", edges: Iterable[Edge]) -> None:
    by_type: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        by_type[edge.type].append(edge.id)
    for name, ids in sorted(by_type.items()):
        _run(
            transaction,
            f"UNWIND $ids AS id MATCH ()-[r:{name} {{id: id}}]->() DELETE r",
            ids=ids,
        )


def _run(transaction: "ManagedTransaction", cypher: str, **parameters: Any) -> list[dict[str, Any]]:
    return transaction.run(cypher, parameters).data()


def _label(labels: Iterable[str]) -> str:
    known = load_schema().properties
    return next((label for label in sorted(labels) if label in known), Label.PAPER)


def _properties(properties: dict[str, Any], name: str) -> dict[str, Value]:
    keys = property_order(
        (key for key, value in properties.items() if key != "id" and value != []), (name,)
    )
    return {
        key: tuple(properties[key]) if isinstance(properties[key], list) else properties[key]
        for key in keys
    }


def _written(properties: Any) -> dict[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in properties.items()
        if value is not None and value != ()
    }
