"""Earlier models as teachers: what they read, what they doubt, and what is learnt of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kg
from kg.errors import InputError
from kg.extract import load_extractor
from kg.extract.neural.labels import PAIR_LABELS, TYPES
from kg.extract.neural.pieces import CLS, SEP, piece_cutter
from kg.extract.neural.tables import COLUMNS
from kg.records import Paper
from kg.records_json import record_to_json
from kg.schema import RelationType
from kg.train.examples import UNSURE, Example, Reader, piece_rows
from kg.train.silver import read_silver, vote
from kg.train.teacher import Teacher, load_teacher, read_silver_papers

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "silver"
PAPER = Paper(
    id="p1",
    title="Otter: stacking cups with one arm",
    abstract=(
        "We present Otter, a policy for cup stacking. Otter builds on behavior cloning with"
        " a transformer. On the LIBERO benchmark it outperforms OpenVLA by 3.1%."
    ),
)
TEXT = {
    "id": "t1",
    "title": "Otter: stacking cups",
    "abstract": "We present Otter. Otter may use careful planning and is tested on CupBench.",
}
EVALUATION = PAIR_LABELS.index((RelationType.USES, "evaluation"))


@pytest.fixture(scope="module")
def pair() -> Teacher:
    """Give the packaged model twice, averaged, with the combinations of one."""
    teacher = load_teacher([None], [])
    return Teacher([*teacher.models, *teacher.models], teacher.combiners)


def _example(doubts: dict[str, Any]) -> Example:
    ids = {piece: k for k, piece in enumerate(("[PAD]", "[UNK]", CLS, SEP))}
    nothing = (np.zeros(0, np.uint32), np.zeros((0, 8), np.uint16))
    terms = (nothing[0], np.zeros((0, len(COLUMNS)), np.uint16))
    gold = {
        "entities": [
            {"id": "e1", "name": "Otter", "type": "Method", "mentions": ["Otter"]},
            {"id": "e2", "name": "CupBench", "type": "Benchmark", "mentions": ["CupBench"]},
        ],
        "relations": [{"head": "PAPER", "type": "INTRODUCES", "tail": "e1"}],
        "doubts": doubts,
    }
    cut = piece_rows(piece_cutter(ids), (ids[CLS], ids[SEP]))
    return Reader(cut, (terms, nothing)).read(TEXT, gold)


def test_a_teacher_reads_what_the_extractor_reads() -> None:
    [record] = load_extractor().extract([PAPER])
    [silver] = read_silver_papers([PAPER], load_teacher([None], []))
    doubts = silver.pop("doubts")
    assert silver == json.loads(json.dumps(record_to_json(record)))
    assert set(doubts) == {"strings", "links"}


def test_a_model_averaged_with_itself_reads_the_same(pair: Teacher) -> None:
    [alone] = read_silver_papers([PAPER], load_teacher([None], []))
    [twice] = read_silver_papers([PAPER], pair)
    assert twice["entities"] == alone["entities"]
    assert twice["doubts"]["strings"] == alone["doubts"]["strings"]
    ends = [[(r["head"], r["type"], r["tail"]) for r in row["relations"]] for row in (twice, alone)]
    assert ends[0] == ends[1]


def test_what_is_doubted_is_not_stated(pair: Teacher) -> None:
    [silver] = read_silver_papers([PAPER], pair)
    named = {mention for e in silver["entities"] for mention in e["mentions"] if e["id"]}
    doubts = silver["doubts"]
    assert doubts["strings"] or doubts["links"]
    assert not {s for s in doubts["strings"] if PAPER.text.count(s) == 1} & named


def test_the_tags_of_a_doubted_string_are_left_open() -> None:
    example = _example({"strings": ["careful planning"], "links": []})
    unsure = [w for w, tag in zip(example.words, example.tags, strict=True) if tag == UNSURE]
    assert unsure == ["careful", "planning"]
    assert 1 + 2 * TYPES.index("Method") in example.tags


def test_a_named_string_is_no_doubt() -> None:
    example = _example({"strings": ["CupBench", "tested on CupBench"], "links": []})
    unsure = [w for w, tag in zip(example.words, example.tags, strict=True) if tag == UNSURE]
    assert unsure == ["tested", "on"]


@pytest.mark.parametrize("head", ["Otter", None])
def test_a_doubted_link_of_the_contribution_is_open_as_a_role(head: str | None) -> None:
    example = _example({"strings": [], "links": [[head, 1 + EVALUATION, "CupBench"]]})
    assert np.isnan(example.roles[1, 1 + EVALUATION])
    assert np.isnan(example.roles).sum() == 1
    assert example.unsure_pairs == ({(0, 1, EVALUATION)} if head else frozenset())


def test_a_doubted_link_of_another_entity_is_open_as_a_pair_alone() -> None:
    example = _example({"strings": [], "links": [["CupBench", 1 + EVALUATION, "Otter"]]})
    assert not np.isnan(example.roles).any()
    assert example.unsure_pairs == {(1, 0, EVALUATION)}


def test_what_is_stated_stays_stated() -> None:
    assert _example({"strings": [], "links": [[None, 0, "Otter"]]}).roles[0, 0] == 1


def test_the_loss_of_what_is_not_known_is_nothing() -> None:
    torch = pytest.importorskip(
        "torch", reason="PyTorch is not installed: pip install 'papers-kg[train]'"
    )
    from kg.train.losses import known_loss

    logits = torch.tensor([[0.3, -2.0], [1.0, 4.0]], requires_grad=True)
    labels = torch.tensor([[1.0, torch.nan], [torch.nan, 0.0]])
    loss = known_loss(logits, labels)
    loss.backward()
    assert loss.item() == pytest.approx(0.5544 + 4.0181, abs=1e-3)
    assert (logits.grad[[0, 1], [1, 0]] == 0).all()
    assert (logits.grad[[0, 1], [0, 1]] != 0).all()


def test_doubts_come_through_the_vote(tmp_path: Path, pair: Teacher) -> None:
    rows = list(read_silver_papers([PAPER], pair))
    path = tmp_path / "silver.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    [(_, voted)] = vote(list(read_silver(path)))
    assert voted["doubts"]["strings"] == rows[0]["doubts"]["strings"]


def test_a_paper_whose_contribution_is_doubted_stays_to_learn_from() -> None:
    row = {"id": "t1", "entities": [], "relations": []}
    doubted = row | {"doubts": {"strings": [], "links": [[None, 0, "Otter"]]}}
    sure = row | {"doubts": {"strings": [], "links": [["Otter", 0, "CupBench"]]}}
    kept = [voted for _, voted in vote([(TEXT, doubted), (TEXT, sure), (TEXT, row)])]
    assert [voted["doubts"] for voted in kept] == [doubted["doubts"]]


@pytest.mark.parametrize(
    "doubts", [7, {}, {"strings": 1, "links": []}, {"strings": [], "links": [["a", 99, "b"]]}]
)
def test_doubts_in_another_shape_are_told_with_their_line(tmp_path: Path, doubts: object) -> None:
    row = {"id": "p1", "paper": TEXT, "entities": [], "relations": [], "results": []}
    path = tmp_path / "silver.jsonl"
    path.write_text(json.dumps(row | {"doubts": doubts}) + "\n")
    with pytest.raises(InputError, match=r"silver\.jsonl:1: its doubts are not as scripts/silver"):
        next(read_silver(path))


def test_the_script_reads_what_is_not_annotated(tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    sample = Path(kg.__file__).parent / "samples" / "papers.jsonl"
    lines = sample.read_text().splitlines()[:3]
    papers.write_text("\n".join(lines) + "\n")
    rows = [json.loads(line) for line in lines]
    text = {"id": "g", "title": rows[0]["title"], "abstract": rows[0]["abstract"]}
    for part in ("train", "dev"):
        (tmp_path / f"{part}.texts.jsonl").write_text(json.dumps(text) + "\n")
        gold = {"id": "g", "entities": [], "relations": []}
        (tmp_path / f"{part}.gold.jsonl").write_text(json.dumps(gold) + "\n")
    command = [sys.executable, SCRIPT, papers, "--gold", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["paper"]["title"] for row in found] == [row["title"] for row in rows[1:]]
