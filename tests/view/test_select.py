import pytest

from kg.errors import InputError
from kg.query.narrowing import Narrowing
from kg.records import Node
from kg.schema import Label, RelationType
from kg.view.select import Part, display_name, find_nodes, narrow, neighbourhood
from tests.view.conftest import edge, node


def names(part: Part) -> set[str]:
    return {display_name(n) for n in part.nodes}


def part_of(graph) -> Part:
    return Part(nodes=tuple(graph.nodes), edges=tuple(graph.edges))


@pytest.mark.parametrize("name", ["model:heron", "Heron", "heron", "HRN", "Heron  Model", "hrn"])
def test_find_nodes_knows_id_name_alias_and_spelling(small, name):
    assert find_nodes(small.nodes, name) == (small["Heron"],)


def test_find_nodes_gives_all_nodes_of_one_name():
    both = [node(Label.DATASET, "Bridge"), node(Label.ROBOT, "Bridge"), node(Label.TASK, "x")]
    assert find_nodes(both, "Bridge") == tuple(both[:2])


def test_find_nodes_prefers_the_exact_name():
    nodes = [
        node(Label.METHOD, "aime"),
        Node(id="x", label=Label.METHOD, properties={"name": "AIME"}),
    ]
    assert find_nodes(nodes, "AIME") == (nodes[1],)


def test_find_nodes_keeps_numbers_apart():
    nodes = [node(Label.DATASET, "CIFAR-10"), node(Label.DATASET, "CIFAR-100")]
    assert find_nodes(nodes, "cifar 10") == (nodes[0],)


def test_find_nodes_suggests_the_nearest_names(small):
    with pytest.raises(InputError, match=r"'Hern'.*'Heron'"):
        find_nodes(small.nodes, "Hern")


def test_neighbourhood_stops_at_the_depth(small):
    around = neighbourhood(part_of(small), [small["wading"]], depth=1)
    assert names(around) == {"wading", "Heron"}
    further = neighbourhood(part_of(small), [small["wading"]], depth=2)
    assert names(further) == {"wading", "Heron", "MarshBench", "Egret", "Walking with Heron"}


def test_neighbourhood_has_every_edge_between_its_nodes(small):
    around = neighbourhood(part_of(small), [small["Heron"]], depth=1)
    kept = {n.id for n in around.nodes}
    assert list(around.edges) == [e for e in small.edges if {e.source, e.target} <= kept]


def test_neighbourhood_takes_mentions_only_where_there_is_nothing_else(small):
    around = neighbourhood(part_of(small), [small["Stilt"]], depth=1)
    assert names(around) == {"Stilt", "Flying with Egret"}


def test_narrow_without_wishes_keeps_everything(small):
    assert narrow(part_of(small), Narrowing()) == part_of(small)


def test_narrow_by_year_keeps_what_papers_of_the_years_say(small):
    early = narrow(part_of(small), Narrowing(year_to=2024))
    assert names(early) == {"Walking with Heron", "Heron", "MarshBench", "wading"}
    assert {e.properties["paper"] for e in early.edges} == {small["Walking with Heron"].id}


def test_narrow_keeps_derived_relationships_of_what_stays(small):
    kind = edge(small["Heron"], RelationType.IS_A, small["wading"], source="catalogue")
    part = Part(nodes=tuple(small.nodes), edges=(*small.edges, kind))
    assert kind in narrow(part, Narrowing(year_to=2024)).edges
    assert kind not in narrow(part, Narrowing(year_from=2025)).edges


def test_narrow_by_support_counts_papers_of_a_fact(small):
    both = narrow(part_of(small), Narrowing(min_support=2))
    assert names(both) == {"Heron", "MarshBench"}
    assert len(both.edges) == 2


def test_narrow_by_confidence_drops_unsure_facts(small):
    assert narrow(part_of(small), Narrowing(min_confidence=0.9)).nodes == ()
    assert len(narrow(part_of(small), Narrowing(min_confidence=0.8)).edges) == 8
