"""The scorer: hand-worked figures, and the same ones as the reference program's."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.evaluate import command
from kg.errors import InputError
from kg.evaluate import MEASURES, evaluate, read_rows

TEXT = {
    "id": "a",
    "title": "Zed: a planner",
    "abstract": "Zed beats Kay on Quiz. Zed scores 71.2 on Quiz. The vision models fail.",
}
GOLD = {
    "id": "a",
    "entities": [
        {"id": "e1", "name": "Zed", "type": "Model", "mentions": ["Zed"]},
        {"id": "e2", "name": "Kay", "type": "Model", "mentions": ["Kay"]},
        {"id": "e3", "name": "Quiz", "type": "Benchmark", "mentions": ["Quiz"]},
        {"id": "e4", "name": "vision model", "type": "Model", "mentions": ["vision models"]},
    ],
    "relations": [
        {"head": "PAPER", "type": "INTRODUCES", "tail": "e1"},
        {"head": "e1", "type": "OUTPERFORMS", "tail": "e2"},
        {"head": "e1", "type": "USES", "role": "evaluation", "tail": "e3"},
    ],
    "results": [{"system": "e1", "benchmark": "e3", "metric": None, "value": "71.2", "unit": ""}],
}
PREDICTED = {
    "id": "a",
    "entities": [
        {"id": "x", "name": "Zed", "type": "Method", "mentions": ["Zed"]},
        {"id": "y", "name": "Quiz", "type": "Benchmark", "mentions": ["Quiz"]},
    ],
    "relations": [
        {"head": "PAPER", "type": "INTRODUCES", "tail": "x"},
        {"head": "PAPER", "type": "USES", "role": "evaluation", "tail": "y"},
    ],
    "results": [{"system": "PAPER", "benchmark": "y", "metric": None, "value": "71.2"}],
}


def test_figures_are_those_worked_by_hand() -> None:
    figures = evaluate([TEXT], {"a": GOLD}, {"a": PREDICTED}).figures()
    counts = {name: (f.hit, f.gold, f.predicted) for name, f in figures.items()}
    assert counts == {
        "mention": (2, 7, 5),
        "mention_coarse": (5, 7, 5),
        "span": (5, 7, 5),
        "entity": (1, 4, 2),
        "relation": (1, 3, 2),
        "relation_coarse": (2, 3, 2),
        "uses_benchmark": (1, 1, 1),
        "introduces": (1, 1, 1),
        "result": (1, 1, 1),
    }
    assert figures["mention"].precision == 40.0
    assert figures["mention"].recall == 28.6
    assert figures["mention"].f1 == 33.3


def test_text_without_prediction_counts_as_missed() -> None:
    figures = evaluate([TEXT], {"a": GOLD}, {}).figures()
    assert figures["relation"].gold == 3
    assert figures["relation"].recall == 0.0


def test_text_without_gold_is_left_out() -> None:
    assert evaluate([TEXT | {"id": "b"}], {"a": GOLD}, {}).figures()["mention"].gold == 0


def test_comparison_has_no_direction() -> None:
    gold = GOLD | {"relations": [{"head": "e1", "type": "COMPARED_WITH", "tail": "e2"}]}
    turned = GOLD | {"relations": [{"head": "e2", "type": "COMPARED_WITH", "tail": "e1"}]}
    assert evaluate([TEXT], {"a": gold}, {"a": turned}).figures()["relation"].f1 == 100.0


def test_breakdowns_add_up() -> None:
    evaluation = evaluate([TEXT], {"a": GOLD}, {"a": PREDICTED})
    assert sum(f.gold for f in evaluation.by_type().values()) == 7
    assert sum(f.gold for f in evaluation.by_relation().values()) == 3
    assert evaluation.by_relation()["USES evaluation"].predicted == 1
    assert evaluation.confusion()["Model", "Method"] == 3
    assert evaluation.confusion()["Model", "-"] == 2


def test_interval_holds_the_figure_and_repeats() -> None:
    texts = [TEXT | {"id": str(n)} for n in range(20)]
    gold = {str(n): GOLD for n in range(20)}
    predicted = {str(n): PREDICTED if n % 3 else GOLD for n in range(20)}
    evaluation = evaluate(texts, gold, predicted)
    low, high = evaluation.interval("mention", 200)
    assert low < evaluation.figures()["mention"].f1 < high
    assert evaluation.interval("mention", 200) == (low, high)


def test_line_without_id_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a"}\n{"entities": []}\n')
    with pytest.raises(InputError, match=r"gold.jsonl:2: no id"):
        read_rows(path)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    paths = []
    for name, row in (("texts", TEXT), ("gold", GOLD), ("predicted", PREDICTED)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(json.dumps(row) + "\n")
        paths.append(str(path))
    return paths


def test_command_prints_tables_and_errors(files: list[str]) -> None:
    texts, gold, predicted = files
    arguments = [texts, gold, "--predictions", predicted, "--errors", "1", "--samples", "50"]
    result = CliRunner().invoke(command, [*arguments, "--confusion"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "uses_benchmark" in result.stdout
    assert "USES evaluation" in result.stdout
    assert "a missed" in result.stdout


def test_command_extracts_where_no_predictions_are_given(files: list[str]) -> None:
    arguments = [*files[:2], "--rules", "--format", "json"]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert list(json.loads(result.stdout)) == list(MEASURES)


def test_figures_equal_those_of_the_reference_program(shared: Path, tmp_path: Path) -> None:
    texts, gold = shared / "gold" / "dev.texts.jsonl", shared / "gold" / "dev.gold.jsonl"
    predicted = tmp_path / "predicted.jsonl"
    chance = random.Random(3)
    with predicted.open("w") as out:
        for row in read_rows(gold).values():
            out.write(json.dumps(_spoil(row, chance)) + "\n")
    program = [sys.executable, str(shared / "gold" / "score.py"), texts, gold, predicted, "--json"]
    reference = subprocess.run(program, capture_output=True, text=True, check=True)
    arguments = [str(texts), str(gold), "--predictions", str(predicted), "--format", "json"]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert json.loads(result.stdout) == json.loads(reference.stdout)


def _spoil(row: dict, chance: random.Random) -> dict:
    """Return a record with some entities, types, relations and values gone wrong."""
    entities = [e for e in row["entities"] if chance.random() > 0.2]
    for entity in entities:
        if chance.random() < 0.2:
            entity["type"] = chance.choice(["Model", "Method", "Benchmark", "Dataset", "Task"])
    kept = {"PAPER", None, *(e["id"] for e in entities)}
    relations = [r for r in row["relations"] if {r["head"], r["tail"]} <= kept]
    results = [r for r in row["results"] if {r["system"], r["benchmark"], r["metric"]} <= kept]
    return row | {"entities": entities, "relations": relations[1:], "results": results}
