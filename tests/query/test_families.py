"""The tree of families, on a graph made by hand."""

from pathlib import Path

import pytest

from kg.query.families import families, family_trees
from kg.records import Edge, Node
from kg.store import open_store
from kg.store.base import Changes, Store


def _kind(child: str, parent: str, **properties: str) -> Edge:
    return Edge(
        id=f"{child}-{parent}-{'-'.join(properties.values())}", type="IS_A", source=child,
        source_label="Method", target=parent, target_label="Method", properties=properties,
    )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    names = {
        "system:il": "imitation learning",
        "system:bc": "BC",
        "system:ibc": "IBC",
        "system:x": "X",
    }
    nodes = [Node(id=key, label="Method", properties={"name": name}) for key, name in names.items()]
    nodes.append(Node(id="p1", label="Paper", properties={"title": "One"}))
    mention = Edge(
        id="m", type="MENTIONS", source="p1", source_label="Paper", target="system:bc",
        target_label="Method", properties={"paper": "p1"},
    )  # fmt: skip
    edges = [
        _kind("system:bc", "system:il", paper="p1", sentence="s"),
        _kind("system:bc", "system:il", source="catalogue"),
        _kind("system:ibc", "system:bc", source="name"),
        mention,
    ]
    folder: Path = tmp_path_factory.mktemp("families") / "g.kg"
    with open_store(str(folder), mode="write") as opened:
        opened.apply(Changes(nodes_upsert=tuple(nodes), edges_upsert=tuple(edges)))
        yield opened


def test_families_puts_each_member_below_its_family(store: Store) -> None:
    tree = [(b.depth, b.name, b.n_papers, b.sources) for b in families(store, "imitation learning")]
    assert tree == [
        (0, "imitation learning", 0, ()),
        (1, "BC", 1, ("text: 1 paper", "catalogue")),
        (2, "IBC", 0, ("name",)),
    ]


def test_family_trees_begin_at_names_that_have_no_family(store: Store) -> None:
    assert [b.name for b in family_trees(store) if b.depth == 0] == ["imitation learning"]
