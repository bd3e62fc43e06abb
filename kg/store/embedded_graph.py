"""The graph of an embedded store: read it whole, and apply changes to it.

Each batch is one transaction and can be repeated. Relationships are not merged by Cypher, which
would walk all relationships of the start node for each of them: the batch's ids are deleted by
index and the relationships made anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from kg.errors import StoreError
from kg.records import Edge, Node, Value
from kg.schema import load_schema
from kg.store.base import Changes
from kg.store.batches import batches, check_keys, paper_batches
from kg.store.engine import Engine
from kg.store.values import property_order

__all__ = ["apply_changes", "stored_edges", "stored_nodes"]

_BATCH_ROWS = 1000


def stored_nodes(engine: Engine) -> Iterator[Node]:
    """Yield the nodes under the schema's labels; a type of the user's own is left aside."""
    for label in load_schema().properties:
        rows = engine.scan(f"SELECT FROM `{label}`")
        yield from (
            Node(id=row["id"], label=label, properties=_properties(row, label))
            for row in rows
            if row.get("id") is not None
        )


def stored_edges(engine: Engine) -> Iterator[Edge]:
    """Yield the relationships of the schema's types that have an id."""
    for name in load_schema().relationships:
        rows = engine.scan(
            "SELECT *, @out.id AS `@s`, @out.@type AS `@st`, @in.id AS `@t`, @in.@type AS `@tt` "
            f"FROM `{name}`"
        )
        yield from (
            Edge(
                id=row["id"],
                type=name,
                source=row["@s"],
                source_label=_label(row["@st"]),
                target=row["@t"],
                target_label=_label(row["@tt"]),
                properties=_properties(row, name),
            )
            for row in rows
            if row.get("id") is not None
        )


def apply_changes(engine: Engine, changes: Changes) -> None:
    """Write nodes, then what papers state (whole papers a transaction), then the rest."""
    check_keys(changes)
    relabelled = _relabel(engine, changes.nodes_upsert)
    papers, nodes, edges = paper_batches(changes, _BATCH_ROWS)
    for batch in batches([n for n in nodes if n.id not in relabelled], _BATCH_ROWS):
        with engine.transaction():
            _write_nodes(engine, batch)
    for paper_nodes, paper_edges in papers:
        with engine.transaction():
            _write_nodes(engine, paper_nodes)
            _write_edges(engine, paper_edges)
    for edge_batch in batches(edges, _BATCH_ROWS):
        with engine.transaction():
            _write_edges(engine, edge_batch)
    for edge_batch in batches(changes.edges_delete, _BATCH_ROWS):
        with engine.transaction():
            _delete_edges(engine, edge_batch)
    for batch in batches(changes.nodes_delete, _BATCH_ROWS):
        with engine.transaction():
            _delete_nodes(engine, batch)


def _write_nodes(engine: Engine, nodes: Iterable[Node]) -> None:
    by_label: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for node in nodes:
        properties = _written(node.properties) | {"id": node.id}
        by_label[node.label].append({"id": node.id, "properties": properties})
    for label, rows in sorted(by_label.items()):
        engine.command(
            "opencypher",
            f"UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n = row.properties",
            {"rows": rows},
        )


def _write_edges(engine: Engine, edges: Sequence[Edge]) -> None:
    _delete_edges(engine, edges)
    anchor = load_schema().anchor
    by_shape: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        shape = (edge.type, anchor(edge.source_label), anchor(edge.target_label))
        by_shape[shape].append(edge)
    for (name, source, target), group in sorted(by_shape.items()):
        rows = [
            {
                "source": edge.source,
                "target": edge.target,
                "properties": _written(edge.properties) | {"id": edge.id},
            }
            for edge in group
        ]
        made = engine.command(
            "opencypher",
            f"UNWIND $rows AS row MATCH (a:{source} {{id: row.source}}) "
            f"MATCH (b:{target} {{id: row.target}}) CREATE (a)-[r:{name}]->(b) "
            "SET r = row.properties RETURN count(r) AS made",
            {"rows": rows},
        )
        if made[0]["made"] != len(rows):
            raise StoreError(_missing_end(engine, group))


def _missing_end(engine: Engine, edges: Iterable[Edge]) -> str:
    anchor = load_schema().anchor
    for edge in edges:
        for label, node_id in ((edge.source_label, edge.source), (edge.target_label, edge.target)):
            query = f"MATCH (n:{anchor(label)} {{id: $id}}) RETURN n.id"
            if not engine.query("opencypher", query, {"id": node_id}):
                return (
                    f"relationship {edge.type} {edge.id}: there is no {label} with id {node_id!r}"
                )
    return "a relationship could not be made, although both of its ends exist"


def _delete_edges(engine: Engine, edges: Iterable[Edge]) -> None:
    ordered = sorted(edges, key=lambda edge: edge.type)
    for name, group in groupby(ordered, key=lambda edge: edge.type):
        ids = [edge.id for edge in group]
        engine.command("sql", f"DELETE FROM `{name}` WHERE id IN :ids", {"ids": ids})


def _delete_nodes(engine: Engine, nodes: Iterable[Node]) -> None:
    by_label: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        by_label[node.label].append(node.id)
    for label, ids in sorted(by_label.items()):
        engine.command(
            "opencypher",
            f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) DETACH DELETE n",
            {"ids": ids},
        )


def _relabel(engine: Engine, nodes: Sequence[Node]) -> frozenset[str]:
    """Move nodes whose stored label is another one, each with its relationships; return their ids.

    A record's type cannot change, so the node is made anew; its relationships, those of the user
    included, are copied in the same transaction.
    """
    schema = load_schema()
    entities = [node for node in nodes if node.label in schema.kinds]
    moved: set[str] = set()
    for batch in batches(entities, _BATCH_ROWS):
        rows = engine.query(
            "sql",
            f"SELECT id, @type AS label, @rid AS rid FROM `{schema.entity_label}` WHERE id IN :ids",
            {"ids": [node.id for node in batch]},
        )
        stored = {row["id"]: row for row in rows}
        for node in batch:
            found = stored.get(node.id)
            if found is not None and _label(found["label"]) != node.label:
                with engine.transaction():
                    _move(engine, node, str(found["rid"]))
                moved.add(node.id)
    return frozenset(moved)


def _move(engine: Engine, node: Node, rid: str) -> None:
    rows = engine.command(
        "sql",
        f"SELECT *, @out AS `@out`, @in AS `@in` FROM (SELECT expand(bothE()) FROM {rid})",
    )
    engine.command("sql", f"DELETE VERTEX FROM {rid}")
    _write_nodes(engine, [node])
    label = node.label
    found = engine.command(
        "sql", f"SELECT @rid AS rid FROM `{label}` WHERE id = :id", {"id": node.id}
    )
    new = str(found[0]["rid"])
    copied: set[str] = set()
    for row in rows:
        if str(row["@rid"]) in copied:
            continue
        copied.add(str(row["@rid"]))
        source, target = (new if str(row[end]) == rid else str(row[end]) for end in ("@out", "@in"))
        content = {key: value for key, value in row.items() if not key.startswith("@")}
        name = row["@type"].replace("`", "``")
        engine.command(
            "sql",
            f"CREATE EDGE `{name}` FROM {source} TO {target} CONTENT :content",
            {"content": content},
        )


def _label(type_name: str) -> str:
    """Return the schema's label among those of a type; `Model~Mine` has a second one."""
    known = load_schema().properties
    return next((label for label in type_name.split("~") if label in known), type_name)


def _properties(row: dict[str, Any], name: str) -> dict[str, Value]:
    keys = [
        key
        for key, value in row.items()
        if not key.startswith("@") and key != "id" and value is not None and value != []
    ]
    return {
        key: tuple(row[key]) if isinstance(row[key], list) else row[key]
        for key in property_order(keys, (name,))
    }


def _written(properties: Any) -> dict[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in properties.items()
        if value is not None and value != ()
    }
