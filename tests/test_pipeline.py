"""A build: what it writes, what it leaves alone, and what is left when it is killed."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kg
from kg.api import sample_papers
from kg.errors import InputError
from kg.records import Edge, Node

ORCHID = {
    "id": "orchid",
    "title": "Orchid: a small language model",
    "abstract": "We introduce Orchid, a language model. Orchid is evaluated on GSM8K and MMLU. "
    "It outperforms LLaMA on GSM8K.",
}
TULIP = {
    "id": "tulip",
    "title": "Tulip: a robot policy",
    "abstract": "We present Tulip, a vision-language-action model. Tulip extends OpenVLA and is "
    "evaluated on LIBERO.",
}


def _write(path: Path, *papers: dict) -> Path:
    path.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")
    return path


def _content(store: Path) -> tuple[list[Node], list[Edge]]:
    with kg.open_graph(store) as graph:
        return (
            sorted(graph.nodes(), key=lambda node: node.id),
            sorted(graph.edges(), key=lambda edge: edge.id),
        )


def test_build_again_writes_nothing(tmp_path: Path) -> None:
    papers, store = _write(tmp_path / "papers.jsonl", ORCHID, TULIP), tmp_path / "g.kg"
    first = kg.build(papers, store=store)
    assert (first.new, first.unchanged) == (2, 0)
    assert first.written > 0
    second = kg.build(papers, store=store)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 2)
    assert (second.written, second.deleted) == (0, 0)


def test_build_replaces_what_a_changed_paper_stated(tmp_path: Path) -> None:
    store = tmp_path / "g.kg"
    kg.build(_write(tmp_path / "a.jsonl", ORCHID, TULIP), store=store)
    changed = ORCHID | {"abstract": "We introduce Orchid. Orchid is evaluated on HumanEval."}
    report = kg.build(_write(tmp_path / "b.jsonl", changed, TULIP), store=store)
    assert (report.changed, report.unchanged) == (1, 1)
    fresh = tmp_path / "fresh.kg"
    kg.build(_write(tmp_path / "c.jsonl", changed, TULIP), store=fresh)
    assert _content(store) == _content(fresh)


def test_build_prune_takes_the_facts_of_a_removed_paper_along(tmp_path: Path) -> None:
    store = tmp_path / "g.kg"
    kg.build(_write(tmp_path / "a.jsonl", ORCHID, TULIP), store=store)
    only = _write(tmp_path / "b.jsonl", TULIP)
    assert kg.build(only, store=store, prune=True).removed == 1
    fresh = tmp_path / "fresh.kg"
    kg.build(only, store=fresh)
    assert _content(store) == _content(fresh)


def test_build_prune_refuses_to_empty_the_graph(tmp_path: Path) -> None:
    store = tmp_path / "g.kg"
    kg.build(_write(tmp_path / "a.jsonl", ORCHID), store=store)
    with pytest.raises(InputError, match="--prune"):
        kg.build(iter(()), store=store, prune=True)
    assert _content(store)[0]


def test_build_does_not_depend_on_the_order_of_papers(tmp_path: Path) -> None:
    papers = list(kg.read(sample_papers()))
    kg.build(papers, store=tmp_path / "a.kg")
    kg.build(papers[::-1], store=tmp_path / "b.kg")
    assert _content(tmp_path / "a.kg") == _content(tmp_path / "b.kg")


def test_build_takes_records_as_it_takes_papers(tmp_path: Path) -> None:
    papers = list(kg.read(sample_papers()))[:12]
    kg.build(papers, store=tmp_path / "a.kg")
    kg.build(list(kg.extract(papers)), store=tmp_path / "b.kg")
    assert _content(tmp_path / "a.kg") == _content(tmp_path / "b.kg")


@pytest.mark.slow
def test_build_killed_at_random_moments_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    store, chance = tmp_path / "killed.kg", random.Random(7)
    command = [
        sys.executable, "-m", "kg", "build", str(sample_papers()), "--rules", "--store", str(store),
    ]  # fmt: skip
    started = time.perf_counter()
    undisturbed = tmp_path / "undisturbed.kg"
    subprocess.run([*command[:-1], str(undisturbed)], check=True, capture_output=True)
    whole_s = time.perf_counter() - started
    n_killed = 0
    for _ in range(20):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.1, 0.95) * whole_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            n_killed += 1
    assert n_killed
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert _content(store) == _content(undisturbed)
