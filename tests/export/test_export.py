"""Each format is read again by its own library; the same graph gives the same bytes."""

import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import networkx
import pytest

from kg.errors import InputError, MissingDependencyError
from kg.export import FORMATS, export_graph
from kg.records import Edge, Node
from kg.store import open_store
from kg.store.base import Changes, Store

OUTDATED = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
"""What rdflib's own reader of JSON-LD warns of."""
READ_GRAPHML = partial(networkx.read_graphml, force_multigraph=True)


@pytest.fixture(scope="module")
def store(stacking: Path) -> Iterator[Store]:
    with open_store(str(stacking / "papers.kg"), mode="read") as opened:
        yield opened


@pytest.fixture(scope="module")
def shuffled(stacking_graph: Changes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give the same graph, written in another order and in two parts."""
    order = random.Random(7)
    nodes, edges = list(stacking_graph.nodes_upsert), list(stacking_graph.edges_upsert)
    order.shuffle(nodes)
    order.shuffle(edges)
    folder = tmp_path_factory.mktemp("shuffled") / "papers.kg"
    with open_store(str(folder), mode="write") as opened:
        opened.apply(Changes(nodes_upsert=tuple(nodes), edges_upsert=tuple(edges[:30])))
        opened.apply(Changes(edges_upsert=tuple(edges[30:])))
    with open_store(str(folder), mode="read") as opened:
        yield opened


def _export(store: Store, output_format: str, path: Path) -> dict[str, bytes]:
    export_graph(store, output_format, path)
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def _stored(store: Store) -> tuple[list[Node], list[Edge]]:
    return list(store.nodes()), list(store.edges())


@pytest.mark.parametrize("output_format", FORMATS)
def test_export_does_not_depend_on_the_order_of_writing(
    output_format: str, store: Store, shuffled: Store, tmp_path: Path
) -> None:
    first = _export(store, output_format, tmp_path / "graph")
    (tmp_path / "again").mkdir()
    second = _export(shuffled, output_format, tmp_path / "again" / "graph")
    assert first == second
    assert all(first.values())


@pytest.mark.parametrize("output_format", FORMATS)
def test_export_says_nothing_of_where_and_when(
    output_format: str, store: Store, tmp_path: Path
) -> None:
    for content in _export(store, output_format, tmp_path / "graph").values():
        assert str(tmp_path).encode() not in content
        assert b"2026" not in content


@pytest.mark.parametrize(
    ("output_format", "read", "kind", "relation"),
    [
        ("graphml", READ_GRAPHML, "label", "type"),
        ("gexf", networkx.read_gexf, "kind", "relation"),
    ],
    ids=["graphml", "gexf"],
)  # fmt: skip
def test_networkx_reads_all_that_is_stored(
    output_format: str, read: Callable[[Path], Any], kind: str, relation: str, store: Store,
    tmp_path: Path,
) -> None:  # fmt: skip
    export_graph(store, output_format, tmp_path / "graph")
    graph = read(tmp_path / "graph")
    nodes, edges = _stored(store)
    assert {name: fields[kind] for name, fields in graph.nodes(data=True)} == {
        node.id: node.label for node in nodes
    }
    found = {
        key: (a, b, fields[relation]) for a, b, key, fields in graph.edges(keys=True, data=True)
    }
    assert found == {edge.id: (edge.source, edge.target, edge.type) for edge in edges}


@pytest.mark.parametrize(
    ("output_format", "read"),
    [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)],
    ids=["graphml", "gexf"],
)
def test_networkx_reads_properties_with_their_types(
    output_format: str, read: Callable[[Path], Any], store: Store, tmp_path: Path
) -> None:
    export_graph(store, output_format, tmp_path / "graph")
    nodes = read(tmp_path / "graph").nodes
    assert nodes["p1"]["year"] == 2021
    assert nodes["2001.00001"]["stub"] is True
    assert nodes["result:r2"]["value"] == 71.5
    assert json.loads(nodes["system:zorble"]["aliases"]) == ["ZRB"]
    assert nodes["robot:arm-7"]["name"] == "Arm_7 & Co"
    assert nodes["system:evil"]["name"].startswith("Evil|`*<b>[x](http://e.org)# {a}_1%$^~\\ & ")


@pytest.mark.parametrize("output_format", ["graphml", "gexf"])
def test_what_xml_cannot_hold_is_spelled_out(
    output_format: str, store: Store, tmp_path: Path
) -> None:
    [content] = _export(store, output_format, tmp_path / "graph").values()
    text = content.decode("utf-8")
    assert "Nothing \\u0001 stacks &lt; here." in text
    assert "\\u001b[31m" in text


def test_pyarrow_reads_nodes_and_edges(store: Store, tmp_path: Path) -> None:
    from pyarrow import parquet

    export_graph(store, "parquet", tmp_path / "tables")
    nodes, edges = _stored(store)
    rows = {r["id"]: r for r in parquet.read_table(tmp_path / "tables/nodes.parquet").to_pylist()}
    assert {key: row["label"] for key, row in rows.items()} == {n.id: n.label for n in nodes}
    assert rows["system:zorble"]["aliases"] == ["ZRB"]
    assert (rows["p1"]["year"], rows["result:r2"]["value"]) == (2021, 71.5)
    table = parquet.read_table(tmp_path / "tables/edges.parquet")
    found = {
        row["id"]: (row["source_id"], row["type"], row["target_id"]) for row in table.to_pylist()
    }
    assert found == {edge.id: (edge.source, edge.type, edge.target) for edge in edges}
    assert {row["kind"] for row in table.to_pylist() if row["type"] == "CITES"} == {
        "reference", "mention", "inferred",
    }  # fmt: skip


@OUTDATED
def test_rdflib_reads_papers_citations_names_and_evidence(store: Store, tmp_path: Path) -> None:
    import rdflib

    export_graph(store, "jsonld", tmp_path / "graph.jsonld")
    graph = rdflib.Graph().parse(tmp_path / "graph.jsonld", format="json-ld")
    rows = graph.query("""
        PREFIX schema: <https://schema.org/> PREFIX cito: <http://purl.org/spar/cito/>
        SELECT ?title ?cited WHERE {
          ?paper a schema:ScholarlyArticle ; schema:name ?title ; cito:cites ?cited }""")
    assert sorted((str(title), str(cited)) for title, cited in rows) == [
        ("A survey of cup stacking", "https://arxiv.org/abs/2001.00001"),
        ("A survey of cup stacking", "urn:kg:paper:p1"),
        ("A survey of cup stacking", "urn:kg:paper:p2"),
        ("Cups, and how to stack them", "urn:kg:paper:p1"),
        ("Cups, and how to stack them", "urn:kg:paper:p2"),
        ("Zorble-2 stacks cups faster", "https://arxiv.org/abs/2001.00001"),
    ]
    rows = graph.query("""
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?alias ?family WHERE { ?x skos:prefLabel "Zorble" ; skos:altLabel ?alias ;
          skos:broader/skos:prefLabel ?family }""")
    assert [(str(alias), str(family)) for alias, family in rows] == [("ZRB", "grasp policy")]


@OUTDATED
def test_rdflib_keeps_kinds_of_citation_and_sentences(store: Store, tmp_path: Path) -> None:
    import rdflib

    export_graph(store, "jsonld", tmp_path / "graph.jsonld")
    graph = rdflib.Graph().parse(tmp_path / "graph.jsonld", format="json-ld")
    rows = graph.query("""
        PREFIX cito: <http://purl.org/spar/cito/> PREFIX kg: <urn:kg:term:>
        SELECT ?kind (COUNT(?c) AS ?n)
        WHERE { ?c a cito:Citation ; kg:kind ?kind } GROUP BY ?kind""")
    assert {str(kind): int(n) for kind, n in rows} == {"reference": 6, "mention": 1, "inferred": 1}
    rows = graph.query("""
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX kg: <urn:kg:term:>
        SELECT ?paper ?sentence WHERE { ?s rdf:predicate kg:extends ; kg:paper ?paper ;
          kg:sentence ?sentence }""")
    assert [(str(paper), str(sentence)) for paper, sentence in rows] == [
        ("urn:kg:paper:p2", "Zorble-2 extends Zorble and beats it by 10.5 points."),
    ]  # fmt: skip


def test_export_replaces_a_file_and_leaves_nothing_else(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    path.write_text("old", encoding="utf-8")
    export_graph(store, "graphml", path)
    assert path.read_bytes().startswith(b"<?xml")
    assert [item.name for item in tmp_path.iterdir()] == ["graph.graphml"]


def test_export_that_fails_leaves_the_old_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "nodes.parquet").write_text("old", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'papers-kg\[parquet\]'"):
        export_graph(store, "parquet", folder)
    assert [item.read_text(encoding="utf-8") for item in folder.iterdir()] == ["old"]


def test_export_refuses_a_folder_that_is_missing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make its folder first"):
        export_graph(store, "gexf", tmp_path / "none" / "graph.gexf")


def test_export_of_a_folder_refuses_the_name_of_a_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "graph").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="it needs a folder, and a file has that name"):
        export_graph(store, "parquet", tmp_path / "graph")
    assert (tmp_path / "graph").read_text(encoding="utf-8") == "mine"


def test_export_refuses_an_unknown_format(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot export to 'dot'; choose from graphml"):
        export_graph(store, "dot", tmp_path / "graph")
