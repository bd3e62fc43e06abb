"""The graph is a function of the records, not of their order."""

from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.catalogue import Catalogue, CatalogueEntry
from kg.records import PAPER, Entity, Paper, Record, Reference, Relation, Result
from kg.resolve.resolver import resolve
from kg.schema import Label
from kg.thesaurus import Thesaurus, ThesaurusRule

NAMES = (
    *("ACT", "Action Chunking Transformer", "action chunking with transformers", "ORCA", "Orca"),
    *("adaptive computation time", "RL", "offline RL", "reinforcement learning", "Orca 2", "ToRA"),
    *("adversarial training", "adverserial training", "GPT-4", "ToRA-7B", "MetaWorld"),
)
LABELS = (Label.MODEL, Label.METHOD, Label.BENCHMARK, Label.TASK)
CATALOGUE = Catalogue(
    entries=(
        CatalogueEntry(name="reinforcement learning", type=Label.METHOD, aliases=("RL",)),
        CatalogueEntry(
            name="Orca 2", type=Label.MODEL, families=("language model",), arxiv_id="2311.11045"
        ),
        CatalogueEntry(name="language model", type=Label.MODEL),
    )
)


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    found = []
    for index in range(draw(st.integers(1, 5))):
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
        entities = tuple(
            Entity(
                id=f"e{i}",
                name=name,
                type=draw(st.sampled_from(LABELS)),
                mentions=(name, draw(st.sampled_from(NAMES))),
            )
            for i, name in enumerate(names)
        )
        ids = [PAPER, *(entity.id for entity in entities)]
        relations = draw(
            st.lists(
                st.builds(
                    lambda h, t, y, c: Relation(head=h, type=y, tail=t, confidence=c, start=1),
                    st.sampled_from(ids),
                    st.sampled_from(ids),
                    st.sampled_from(["INTRODUCES", "OUTPERFORMS", "IS_A", "ADDRESSES", "EXTENDS"]),
                    st.sampled_from([0.5, 0.9]),
                ),
                max_size=4,
            )
        )
        paper = Paper(
            id=f"r{index}",
            title=draw(st.sampled_from(["A note on many small things", "Another title entirely"])),
            abstract=draw(st.sampled_from(["We do.", "We did."])),
            year=draw(st.sampled_from([None, 2020, 2022, 2024])),
            doi=draw(st.sampled_from([None, "10.1/a", "10.2/b"])),
            keywords=draw(st.sampled_from([(), ("RL",), ("rl", "Control")])),
            references=draw(st.sampled_from([(), (Reference(id="2311.11045", title="Orca 2"),)])),
        )
        results = (Result(system=ids[-1], benchmark=None, metric=None, value="9.5"),)
        found.append(
            Record(
                id=f"r{index}",
                paper=paper,
                entities=entities,
                relations=tuple(relations),
                results=results,
            )
        )
    return found


@settings(max_examples=30)
@given(records(), st.randoms(use_true_random=False))
def test_resolve_gives_one_graph_for_every_order(given_records: list[Record], random: Any) -> None:
    shuffled = list(given_records)
    random.shuffle(shuffled)
    split = Thesaurus(splits=(ThesaurusRule(names=("Orca", "Orca 2")),))
    one = resolve(lambda: given_records, CATALOGUE, split)
    assert resolve(lambda: shuffled, CATALOGUE, split) == one


@settings(max_examples=30)
@given(records())
def test_resolve_gives_a_sound_graph(given_records: list[Record]) -> None:
    graph = resolve(lambda: given_records, CATALOGUE, Thesaurus())
    nodes = {(node.label, node.id) for node in graph.nodes}
    keys = [(node.label == Label.PAPER, node.id) for node in graph.nodes]
    assert len(set(keys)) == len(keys)
    assert len({edge.id for edge in graph.edges}) == len(graph.edges)
    for edge in graph.edges:
        assert (edge.source_label, edge.source) in nodes
        assert (edge.target_label, edge.target) in nodes
        assert edge.source != edge.target


def test_families_have_no_cycle(build: Any, make: SimpleNamespace) -> None:
    a, b, c = (make.entity(name) for name in ("stack loop", "ring loop", "knot loop"))
    pairs = [("stack loop", "ring loop"), ("ring loop", "knot loop"), ("knot loop", "stack loop")]
    graph = build(
        *(
            make.record(str(i), a, b, c, relations=[make.relation(x, "IS_A", y)])
            for i, (x, y) in enumerate(pairs)
        )
    )
    assert len(make.edges(graph, "IS_A")) == 2
    assert graph.dropped == {"IS_A: it would close a cycle": 1}
