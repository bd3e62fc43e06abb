"""Records and catalogues of a few words, for the resolver's tests."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from kg.catalogue import Catalogue
from kg.records import PAPER, Entity, Paper, Record, Relation, Result
from kg.resolve.graph import Graph
from kg.resolve.resolver import resolve
from kg.schema import Label
from kg.thesaurus import Thesaurus


def entity(name: str, label: str = Label.METHOD, *mentions: str) -> Entity:
    return Entity(id=name, name=name, type=label, mentions=mentions or (name,))


def relation(head: str, type_: str, tail: str, **more: Any) -> Relation:
    return Relation(head=head, type=type_, tail=tail, **more)


def record(
    record_id: str,
    *entities: Entity,
    relations: Sequence[Relation] = (),
    results: Sequence[Result] = (),
    abbreviations: Sequence[tuple[str, str]] = (),
    **paper: Any,
) -> Record:
    fields = {"title": f"On the matter of {record_id}", "abstract": "We look at it."} | paper
    return Record(
        id=record_id,
        paper=Paper(id=record_id, **fields),
        entities=entities,
        relations=tuple(relations),
        results=tuple(results),
        abbreviations=tuple(abbreviations),
    )


def introduces(name: str) -> Relation:
    return relation(PAPER, "INTRODUCES", name)


Build = Callable[..., Graph]


@pytest.fixture
def build() -> Build:
    """Resolve some records with an empty catalogue and thesaurus, or with those given."""

    def run(
        *records: Record,
        catalogue: Catalogue | None = None,
        thesaurus: Thesaurus | None = None,
    ) -> Graph:
        return resolve(lambda: records, catalogue or Catalogue(), thesaurus or Thesaurus())

    return run


def named(graph: Graph, *labels: str) -> dict[str, str]:
    """Return id to name of the nodes with one of the labels (of all entities, if none is given)."""
    return {
        node.id: str(node.properties["name"])
        for node in graph.nodes
        if (node.label in labels if labels else "aliases" in node.properties)
    }


def edges(graph: Graph, type_: str) -> list[tuple[str, str]]:
    return sorted((edge.source, edge.target) for edge in graph.edges if edge.type == type_)


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Give the functions that make records and look at graphs."""
    return SimpleNamespace(
        entity=entity,
        relation=relation,
        record=record,
        introduces=introduces,
        named=named,
        edges=edges,
    )
