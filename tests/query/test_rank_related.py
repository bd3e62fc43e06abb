"""What is ranked high and what is related, on a graph made by hand."""

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.query.narrowing import Narrowing
from kg.query.rank import rank_entities, rank_papers
from kg.query.related import find_papers, related
from kg.schema import CitationKind, Label
from kg.store import open_store
from kg.store.base import Store


@pytest.fixture(scope="module")
def store(stacking: Path) -> Iterator[Store]:
    with open_store(str(stacking / "papers.kg"), mode="read") as opened:
        yield opened


def test_rank_papers_by_support_counts_citing_papers_once(store: Store) -> None:
    first, second, third = rank_papers(store, by="support")[:3]
    assert (first.id, first.citing, first.by_kind["mention"]) == ("p1", 3, 1)
    assert {second.id, third.id} == {"p2", "2001.00001"}
    assert second.citing == third.citing == 2


def test_rank_papers_marks_what_is_only_cited(store: Store) -> None:
    stubs = [paper.id for paper in rank_papers(store) if paper.stub]
    assert stubs == ["2001.00001"]


def test_rank_papers_ties_are_ordered_by_id(store: Store) -> None:
    ranked = rank_papers(store, kinds=[CitationKind.MENTION])
    assert [paper.id for paper in ranked] == ["p1", "2001.00001", "p2", "q1", "q2", "q3"]


def test_rank_papers_lists_the_years_and_support_that_are_asked_for(store: Store) -> None:
    ranked = rank_papers(store, narrowing=Narrowing(year_from=2021, min_support=2))
    assert [paper.id for paper in ranked] == ["p1", "p2"]


def test_rank_entities_by_distinct_papers(store: Store) -> None:
    ranked = rank_entities(store, Label.MODEL)
    assert [(entity.name, entity.papers) for entity in ranked[:2]] == [
        ("Zorble", 4),
        ("Zorble-2", 2),
    ]
    assert ranked[0].introduced_by == ("p1",)
    assert ranked[0].using == 1


def test_rank_entities_counts_papers_not_statements(store: Store) -> None:
    [bench] = rank_entities(store, Label.BENCHMARK)
    assert (bench.papers, bench.using, bench.pagerank) == (3, 3, None)
    [sure] = rank_entities(store, Label.BENCHMARK, narrowing=Narrowing(year_to=2022))
    assert (sure.papers, sure.using) == (2, 2)


def test_rank_entities_by_the_page_rank_of_the_introducing_paper(store: Store) -> None:
    ranks = {paper.id: paper.pagerank for paper in rank_papers(store)}
    ranked = rank_entities(store, Label.MODEL, by="pagerank")
    expected = {"Zorble": ranks["p1"], "Zorble-2": ranks["p2"]}
    assert {entity.name: entity.pagerank for entity in ranked[:2]} == expected
    assert ranked[-1].pagerank is None


@pytest.mark.parametrize(
    "text", ["p1", "Zorble: a policy that stacks cups", " zorble, a policy that stacks CUPS"]
)
def test_find_papers_reads_ids_and_titles(store: Store, text: str) -> None:
    assert find_papers(store, text) == [("p1", "Zorble: a policy that stacks cups")]


def test_find_papers_reads_an_arxiv_address(store: Store) -> None:
    assert find_papers(store, "https://arxiv.org/abs/2001.00001v2") == [("2001.00001", None)]


def test_related_papers_are_scored_by_the_cosine(store: Store) -> None:
    [relatives] = related(store, "p1")
    found = [(row.id, row.reason, row.score) for row in relatives.rows]
    assert found == [
        ("p2", "co-citation", round(2 / sqrt(3 * 2), 4)),
        ("2001.00001", "co-citation", round(1 / sqrt(3 * 2), 4)),
    ]


def test_related_papers_by_one_kind_of_citation(store: Store) -> None:
    [relatives] = related(store, "p1", kinds=[CitationKind.REFERENCE])
    assert (relatives.rows[0].id, relatives.rows[0].score) == ("p2", 1.0)
    assert relatives.rows[0].shared == ("q1", "q2")


def test_related_names_have_relations_and_shared_papers(store: Store) -> None:
    [relatives] = related(store, "Zorble-2")
    found = {(row.name, row.reason): (row.score, row.shared) for row in relatives.rows}
    assert found["Zorble", "→ EXTENDS"] == (1.0, ("p2",))
    assert found["Zorble", "→ IS_A"] == (0.0, ())
    assert found["Zorble", "same papers"] == (round(2 / sqrt(2 * 4), 4), ("p2", "q1"))
    assert ("Tablebench", "→ USES (evaluation)") in found
    reasons = [row.reason == "same papers" for row in relatives.rows]
    assert reasons == sorted(reasons)


def test_related_narrows_by_year_and_confidence(store: Store) -> None:
    narrowing = Narrowing(year_from=2023, min_confidence=0.8)
    [relatives] = related(store, "Zorble", narrowing=narrowing)
    shared = {row.name: row.shared for row in relatives.rows if row.reason == "same papers"}
    assert shared == {"Zorble-2": ("q1",), "Arm_7 & Co": ("q2",)}
    assert all(row.shared <= ("q2",) for row in relatives.rows if row.reason == "→ USES (platform)")


def test_related_refuses_an_unknown_name_and_gives_near_ones(store: Store) -> None:
    with pytest.raises(InputError, match=r"no name 'Zorbel' in the graph.*Zorble"):
        related(store, "Zorbel")
