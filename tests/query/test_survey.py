"""Topics, survey tables and leaderboards, on a graph made by hand."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.query.closure import family_members
from kg.query.leaderboard import Direction, leaderboards, metric_direction
from kg.query.narrowing import Narrowing
from kg.query.table import CellFact, Column, survey_table, with_unit
from kg.query.topics import list_topics, report_topics
from kg.schema import schema_file
from kg.store import open_store
from kg.store.base import Store


@pytest.fixture(scope="module")
def store(stacking: Path) -> Iterator[Store]:
    with open_store(str(stacking / "papers.kg"), mode="read") as opened:
        yield opened


def test_family_members_go_all_the_way_down(store: Store) -> None:
    assert family_members(store, ["system:grasp-policy"]) == [
        "system:evil",
        "system:frumious",
        "system:grasp-policy",
        "system:zorble",
        "system:zorble-2",
    ]


def test_topics_count_papers_once_and_leave_empty_ones_out(store: Store) -> None:
    robotics, stacking = list_topics(store)
    assert (robotics.name, robotics.papers, robotics.direct) == ("Robotics", 3, 2)
    assert robotics.years == ((2021, 1), (2022, 1), (2023, 1))
    assert (stacking.name, stacking.papers) == ("cup stacking", 2)


def test_topics_have_typical_benchmarks_with_papers(store: Store) -> None:
    robotics = list_topics(store)[0]
    assert robotics.benchmarks == (("Tablebench", 2),)


def test_topics_are_narrowed_by_year_and_support(store: Store) -> None:
    [robotics] = list_topics(store, narrowing=Narrowing(year_from=2022, min_support=2))
    assert (robotics.name, robotics.papers) == ("Robotics", 2)


def test_topic_in_detail_says_through_which_topic_a_paper_comes(store: Store) -> None:
    [report] = report_topics(store, "robotics")
    assert [(p.id, p.topic, p.score) for p in report.papers] == [
        ("q1", "Robotics", 1.0),
        ("p2", "cup stacking", 1.0),
        ("p1", "Robotics", 1.0),
    ]
    assert report.narrower == ("cup stacking",)
    assert report.papers[2].introduces == ("Zorble",)


def test_topic_refuses_an_unknown_name(store: Store) -> None:
    with pytest.raises(InputError, match=r"no topic 'Robotik'.*Robotics"):
        report_topics(store, "Robotik")


def _cells(store: Store, name: str, column: Column, **options) -> dict[str, list[CellFact]]:
    survey = survey_table(store, name, [column], **options)
    return {row.id: list(row.cells[0]) for row in survey.rows}


def test_table_has_the_systems_of_the_family_that_have_facts(store: Store) -> None:
    cells = _cells(store, "grasp policy", Column.BENCHMARK)
    assert list(cells) == ["system:evil", "system:zorble", "system:zorble-2"]
    assert cells["system:zorble"] == [CellFact(text="Tablebench", papers=("p1", "p2"))]


@pytest.mark.parametrize(
    ("column", "system", "text"),
    [
        (Column.ROBOT, "system:zorble", "Arm_7 & Co"),
        (Column.DATASET, "system:zorble-2", "Gripset"),
        (Column.TASK, "system:zorble", "cup stacking"),
        (Column.OUTPERFORMS, "system:zorble-2", "Zorble (by 10.5 points)"),
        (Column.EXTENDS, "system:zorble-2", "Zorble"),
    ],
)
def test_table_columns_tell_their_relation(
    store: Store, column: Column, system: str, text: str
) -> None:
    cells = _cells(store, "grasp policy", column)
    assert [fact.text for fact in cells[system]] == [text]


def test_table_results_name_metric_benchmark_and_setting(store: Store) -> None:
    cells = _cells(store, "Zorble-2", Column.RESULT)
    assert [fact.text for fact in cells["system:zorble-2"]] == [
        "3 collision rate on Tablebench",
        "71.5% success rate on Tablebench (5 cups)",
        "9 zing on Tablebench",
    ]


def test_table_with_users_adds_who_uses_a_member(store: Store) -> None:
    assert "system:other" not in _cells(store, "Zorble", Column.DATASET)
    assert "system:other" in _cells(store, "Zorble", Column.DATASET, users=True)


def test_table_of_a_benchmark_has_its_users(store: Store) -> None:
    assert set(_cells(store, "Tablebench", Column.BENCHMARK)) == {
        "system:evil",
        "system:zorble",
        "system:zorble-2",
    }


def test_table_is_narrowed_by_support_and_confidence(store: Store) -> None:
    supported = _cells(store, "grasp policy", Column.BENCHMARK, narrowing=Narrowing(min_support=2))
    assert list(supported) == ["system:zorble"]
    sure = _cells(store, "Zorble", Column.BENCHMARK, narrowing=Narrowing(min_confidence=0.8))
    assert sure["system:zorble"] == [CellFact(text="Tablebench", papers=("p1",))]


@pytest.mark.parametrize(
    ("text", "unit", "shown"),
    [("97", "%", "97%"), ("97%", "%", "97%"), ("3", "ms", "3 ms"), ("3", None, "3")],
)
def test_with_unit_writes_the_unit_once(text: str, unit: str | None, shown: str) -> None:
    assert with_unit(text, unit) == shown


def test_leaderboard_never_mixes_metrics_and_sorts_what_it_can(store: Store) -> None:
    boards = leaderboards(store, "Tablebench", direct=True)
    found = {
        board.metric: (board.direction, [standing.text for standing in board.standings])
        for board in boards
    }
    assert found == {
        "collision rate": (Direction.LOWER, ["3", "5%"]),
        "success rate": (Direction.HIGHER, ["71.5%", "61%"]),
        "zing": (None, ["4", "9"]),
        None: (None, ["12 s"]),
    }
    assert boards[-1].metric is None


def test_leaderboard_rows_carry_paper_sentence_setting_and_year(store: Store) -> None:
    board = next(b for b in leaderboards(store, "Tablebench") if b.metric == "success rate")
    best = board.standings[0]
    assert (best.system, best.paper, best.setting, best.year) == ("Zorble-2", "p2", "5 cups", 2022)
    assert best.sentence is not None
    assert best.sentence.startswith("Zorble-2 extends")


def test_leaderboard_keeps_a_part_of_a_benchmark_apart(store: Store) -> None:
    boards = leaderboards(store, "Tablebench")
    assert boards[-1].benchmark == "Tablebench-Long"
    assert [standing.text for standing in boards[-1].standings] == ["40%"]


def test_leaderboard_is_narrowed(store: Store) -> None:
    boards = leaderboards(store, "Tablebench", narrowing=Narrowing(year_from=2022))
    assert {standing.paper for board in boards for standing in board.standings} == {"p2"}
    assert leaderboards(store, "Tablebench", narrowing=Narrowing(min_support=2)) == []


@pytest.mark.parametrize(
    ("metric", "direction"),
    [
        ("accuracy", Direction.HIGHER),
        ("mean Success Rate", Direction.HIGHER),
        ("mAP@0.5", Direction.HIGHER),
        ("BLEU-4", Direction.HIGHER),
        ("AP50", Direction.HIGHER),
        ("word error rate", Direction.LOWER),
        ("FID", Direction.LOWER),
        ("LPIPS", Direction.LOWER),
        ("inference latency", Direction.LOWER),
        ("attack success rate", None),
        ("vibe", None),
    ],
)
def test_metric_direction_reads_the_name_or_its_end(metric: str, direction: object) -> None:
    assert metric_direction(metric) is direction


def test_metric_directions_agree_with_themselves() -> None:
    data = json.loads(schema_file("metric_directions.json").read_text(encoding="utf-8"))
    for direction, names in data.items():
        for name in names:
            found = metric_direction(name)
            assert (found or "unknown") == direction, name
