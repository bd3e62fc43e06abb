"""The commands that a survey is written with: formats, hostile names, clear errors."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pylatexenc.latex2text import LatexNodes2Text

from kg.query.markup import latex_table
from kg.query.table import CellFact

RunKg = Callable[..., Any]
EVERY = [
    ["rank", "papers"],
    ["rank", "models"],
    ["related", "p1"],
    ["related", "Tablebench"],
    ["topics"],
    ["topics", "Robotics"],
    ["table", "grasp policy"],
    ["leaderboard", "Tablebench"],
]


@pytest.mark.parametrize("output_format", ["table", "json", "jsonl", "csv"])
@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_format_is_safe_and_can_be_read(
    command: list[str], output_format: str, stacking: Path, run_kg: RunKg
) -> None:
    done = run_kg(*command, "--format", output_format, cwd=stacking)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", done.stdout)
    if output_format == "json":
        assert isinstance(json.loads(done.stdout), list)
    if output_format == "jsonl":
        assert all(json.loads(line) for line in done.stdout.splitlines())
    if output_format == "csv":
        widths = {len(row) for row in csv.reader(io.StringIO(done.stdout))}
        assert len(widths) == 1


def test_rank_prints_citations_of_each_kind_in_a_column(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("rank", "papers", "--by", "support", "--format", "json", cwd=stacking)
    first = json.loads(done.stdout)[0]
    assert (first["paper"], first["cited by"]) == ("p1", 3)
    assert [first[kind] for kind in ("reference", "mention", "inferred")] == [2, 1, 1]


def test_rank_of_one_kind_has_its_column_alone(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("rank", "papers", "--kind", "mention", "--format", "csv", "-n", "1", cwd=stacking)
    header, first = done.stdout.splitlines()
    assert header.endswith("cited by,mention")
    assert first.endswith("1,1")


def test_leaderboard_csv_has_a_column_for_each_metric(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("leaderboard", "Tablebench", "--format", "csv", cwd=stacking)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    metrics = ["collision rate", "success rate", "zing", "metric not stated [s]"]
    for row in rows:
        assert sum(bool(row[metric]) for metric in metrics) == 1
    assert len(rows) == 8


def test_leaderboard_of_what_has_no_results_says_so(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("leaderboard", "Gripset", cwd=stacking)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no paper in the graph reports a result on Gripset" in done.stderr


def test_table_is_markdown_whose_names_are_text(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("table", "grasp policy", "--columns", "benchmark,robot", cwd=stacking)
    head, rule, evil, *rest = done.stdout.splitlines()
    assert (head, rule) == ("| system | benchmark | robot |", "| --- | --- | --- |")
    assert len(re.findall(r"(?<!\\)\|", evil)) == 4
    assert r"Evil\|\`\*\<b\>\[x\](http\://e.org)\# {a}\_1%\$^\~\\ \&" in evil
    assert rest[0] == r"| Zorble | Tablebench [p1, p2] | Arm\_7 \& Co [q2] |"


def test_table_is_latex_that_prints_the_names(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("table", "grasp policy", "--columns", "benchmark,robot", "--format", "latex",
                  cwd=stacking)  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[1] == r"\begin{tabularx}{\linewidth}{lXX}"
    assert r"Zorble & Tablebench~\cite{p1,p2} & Arm\_7 \& Co~\cite{q2} \\" in lines
    evil = next(line for line in lines if line.startswith("Evil"))
    assert len(re.findall(r"(?<!\\)&", evil)) == 2
    shown = LatexNodes2Text().latex_to_text(evil.split(" & ")[0].split("~\\cite")[0])
    assert shown.startswith("Evil|`*<b>[x](http://e.org)# {a}_1%$")


def test_latex_row_that_begins_with_a_bracket_is_no_argument(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("related", "[Frumious]", cwd=stacking)
    assert done.returncode == 0

    text = latex_table(["system"], [[(CellFact(text="[Frumious]"),)], [(CellFact(text="*x"),)]])
    assert r"{[}Frumious] \\" in text
    assert r"{*}x \\" in text


def test_table_json_keeps_the_papers_of_a_fact(stacking: Path, run_kg: RunKg) -> None:
    done = run_kg("table", "Zorble-2", "--columns", "extends", "--format", "json", cwd=stacking)
    [row] = json.loads(done.stdout)
    assert row == {"system": "Zorble-2", "extends": [{"text": "Zorble", "papers": ["p2"]}]}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["table", "grasp policy", "--columns", "weight"], "--columns 'weight': choose from"),
        (["table", "grasp policy", "--columns", ","], "name at least one of benchmark"),
        (["table", "nobody"], "no name 'nobody' in the graph"),
        (["leaderboard", "Tablebnch"], "the nearest names: Tablebench"),
        (["related", "nothing at all"], "no name 'nothing at all' in the graph"),
        (["topics", "Robotik"], "the nearest topics: Robotics"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_wrong_name_is_one_clear_line(
    command: list[str], message: str, stacking: Path, run_kg: RunKg
) -> None:
    done = run_kg(*command, cwd=stacking)
    assert done.returncode == 1
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_kg_export_prints_counts_on_stderr(stacking: Path, run_kg: RunKg, tmp_path: Path) -> None:
    target = tmp_path / "graph.gexf"
    done = run_kg("export", "--to", "gexf", "-o", str(target), cwd=stacking)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("32 nodes, 75 relationships\n")
    assert target.exists()
