"""Which names become one node: abbreviations, the catalogue, ambiguity, kinds, ids, names."""

from types import SimpleNamespace
from typing import Any

import pytest

from kg.catalogue import Catalogue, CatalogueEntry
from kg.schema import Label
from kg.thesaurus import Thesaurus, ThesaurusRule

SAC = CatalogueEntry(
    name="SAC", type=Label.METHOD, aliases=("soft actor-critic",), ambiguous=("SAC",)
)


def test_spellings_are_one_node_with_the_others_as_aliases(
    build: Any, make: SimpleNamespace
) -> None:
    graph = build(
        make.record("1", make.entity("Meta-World", Label.BENCHMARK)),
        make.record("2", make.entity("Meta-World", Label.BENCHMARK)),
        make.record("3", make.entity("Metaworld", Label.DATASET)),
    )
    (node,) = [node for node in graph.nodes if node.id == "resource:meta-world"]
    assert node.label == Label.BENCHMARK
    assert node.properties == {"name": "Meta-World", "aliases": ("Metaworld",)}


def test_a_dataset_and_a_robot_of_one_name_are_two(build: Any, make: SimpleNamespace) -> None:
    graph = build(
        make.record("1", make.entity("ALOHA", Label.ROBOT)),
        make.record("2", make.entity("ALOHA", Label.DATASET)),
    )
    assert make.named(graph) == {"robot:aloha": "ALOHA", "resource:aloha": "ALOHA"}


def test_an_abbreviation_joins_the_papers_that_do_not_write_it_out(
    build: Any, make: SimpleNamespace
) -> None:
    graph = build(
        make.record("1", make.entity("interactive imitation learning", Label.METHOD, "IIL")),
        make.record("2", make.entity("IIL")),
        make.record(
            "3",
            make.entity("IIL"),
            abbreviations=[("Interactive Imitation Learning", "IIL")],
        ),
    )
    (name,) = make.named(graph).values()
    assert name == "IIL"
    assert [join.rule for join in graph.joins] == ["abbreviation"]
    assert graph.joins[0].evidence.startswith("2 of 2 papers")


def test_an_ambiguous_acronym_is_told_by_its_own_paper_then_its_company(
    build: Any, make: SimpleNamespace
) -> None:
    driving = make.entity("autonomous driving", Label.TASK)
    viewing = make.entity("image rendering", Label.TASK)
    graph = build(
        make.record("1", make.entity("AVT", Label.METHOD, "AVT", "agile vehicle tracker"), driving),
        make.record(
            "2", make.entity("AVT", Label.METHOD, "AVT", "aligned view transform"), viewing
        ),
        make.record("3", make.entity("AVT"), driving),
        make.record("4", make.entity("AVT")),
    )
    mentions = dict(make.edges(graph, "MENTIONS"))
    tasks = {"task:autonomous-driving", "task:image-rendering"}
    meant = {p: t for p, t in make.edges(graph, "MENTIONS") if t not in tasks}
    assert mentions
    assert meant == {
        "1": "system:avt:agile-vehicle-tracker",
        "2": "system:avt:aligned-view-transform",
        "3": "system:avt:agile-vehicle-tracker",
        "4": "system:avt",
    }


def test_the_catalogues_sense_holds_where_no_paper_says_otherwise(
    build: Any, make: SimpleNamespace
) -> None:
    graph = build(
        make.record("1", make.entity("SAC")),
        make.record("2", make.entity("soft actor critic")),
        catalogue=Catalogue(entries=(SAC,)),
    )
    assert make.named(graph) == {"system:sac": "SAC"}


def test_another_sense_of_a_catalogued_acronym_is_another_node(
    build: Any, make: SimpleNamespace
) -> None:
    other = make.entity("SAC", Label.METHOD, "SAC", "spatial anchor cache")
    graph = build(
        make.record("1", make.entity("SAC", Label.METHOD, "SAC", "soft actor-critic")),
        make.record("2", other),
        catalogue=Catalogue(entries=(SAC,)),
    )
    assert set(make.named(graph)) == {
        "system:sac:soft-actor-critic",
        "system:sac:spatial-anchor-cache",
    }


def test_a_known_acronym_is_written_out_inside_longer_names(
    build: Any, make: SimpleNamespace
) -> None:
    entry = CatalogueEntry(name="reinforcement learning", type=Label.METHOD, aliases=("RL",))
    graph = build(
        make.record("1", make.entity("offline RL")),
        make.record("2", make.entity("offline reinforcement learning")),
        make.record("3", make.entity("online RL"), make.entity("reinforcement learning")),
        catalogue=Catalogue(entries=(entry,)),
    )
    assert len(make.named(graph)) == 3
    assert make.edges(graph, "IS_A") == [
        ("system:offline-rl", "system:reinforcement-learning"),
        ("system:online-rl", "system:reinforcement-learning"),
    ]


def test_two_entries_of_the_catalogue_are_never_joined(build: Any, make: SimpleNamespace) -> None:
    entries = tuple(CatalogueEntry(name=name, type=Label.MODEL) for name in ("Vorn", "Vornet"))
    both = [make.record(str(i), make.entity("Vorn", Label.MODEL, "Vorn", "Vornet")) for i in "123"]
    other = make.record("4", make.entity("Vornet", Label.MODEL))
    graph = build(*both, other, catalogue=Catalogue(entries=entries))
    assert set(make.named(graph)) == {"system:vorn", "system:vornet"}


def test_a_typing_error_joins_the_right_spelling(build: Any, make: SimpleNamespace) -> None:
    right = [make.record(f"r{i}", make.entity("adversarial training")) for i in range(12)]
    graph = build(*right, make.record("w", make.entity("adverserial training")))
    assert make.named(graph) == {"system:adversarial-training": "adversarial training"}
    assert [join.rule for join in graph.joins] == ["typing error"]


def test_the_introducing_paper_gives_name_and_label(build: Any, make: SimpleNamespace) -> None:
    graph = build(
        make.record("1", make.entity("orca", Label.METHOD)),
        make.record("2", make.entity("orca", Label.METHOD)),
        make.record(
            "3", make.entity("Orca", Label.MODEL), relations=[make.introduces("Orca")], year=2023
        ),
    )
    (node,) = [node for node in graph.nodes if node.id == "system:orca"]
    assert (node.label, node.properties["aliases"]) == (Label.MODEL, ("orca",))


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        (["Policy Gradients", "Policy Gradients", "policy gradients"], "policy gradient"),
        (["LLM Agents", "LLM agents"], "LLM agent"),
        (["Diffusion Policy", "Diffusion Policy"], "Diffusion Policy"),
        (["OpenVLA", "OpenVLA", "openvla"], "OpenVLA"),
    ],
)
def test_general_terms_are_lower_case_and_singular(
    build: Any, make: SimpleNamespace, spellings: list[str], expected: str
) -> None:
    graph = build(*(make.record(str(i), make.entity(s)) for i, s in enumerate(spellings)))
    assert list(make.named(graph).values()) == [expected]


def test_the_thesaurus_wins_over_every_rule(build: Any, make: SimpleNamespace) -> None:
    records = [make.record("1", make.entity("GPT-3")), make.record("2", make.entity("GPT-4"))]
    rule = ThesaurusRule(names=("GPT-3", "GPT-4"))
    entries = tuple(CatalogueEntry(name=n, type=Label.MODEL) for n in rule.names)
    graph = build(
        *records, catalogue=Catalogue(entries=entries), thesaurus=Thesaurus(merges=(rule,))
    )
    assert len(make.named(graph)) == 1
    same = [make.record("1", make.entity("DINOv2")), make.record("2", make.entity("DINO-v2"))]
    split = Thesaurus(splits=(ThesaurusRule(names=("DINO-v2", "DINOv2")),))
    assert len(make.named(build(*same))) == 1
    assert len(make.named(build(*same, thesaurus=split))) == 2


def test_hostile_names_become_harmless_ids(build: Any, make: SimpleNamespace) -> None:
    hostile = "`); MATCH (n) DETACH DELETE n //<script>\x1b[31m"
    graph = build(make.record("1", make.entity(hostile)), make.record("2", make.entity("$$")))
    for node_id in make.named(graph):
        assert not set(node_id) & set("`'\"<>() \x1b")
    assert len(make.named(graph)) == 2
