import json
from pathlib import Path

import numpy as np
import pytest

from kg.errors import InputError
from kg.extract.neural.tables import COLUMNS
from kg.train.examples import piece_rows
from kg.train.public import PUBLIC_SETS, make_examples, read_public

SENTENCE = {
    "doc_id": "7",
    "sentence": "We run Orca on CupBench ; Orca wins .",
    "ner": [["Orca", "Method"], ["CupBench", "Dataset"]],
    "rel": [["Orca", "Evaluated-With", "CupBench"]],
}
PAPER = {
    "doc_id": "8",
    "sentences": [["Orca", "wins", "."], ["Lynx", "beats", "Orca", "."]],
    "ner": [[[0, 0, "Method"]], [[3, 3, "Method"], [5, 5, "Method"]]],
    "relations": [[], [[3, 3, 5, 5, "Compare-With"]]],
}


def write(folder: Path, name: str, *rows: object) -> Path:
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_scier_sentence_gives_all_places_of_its_strings(tmp_path: Path) -> None:
    labels = PUBLIC_SETS["scier"]
    [text] = read_public(write(tmp_path, "train.jsonl", SENTENCE), "train", labels)
    assert [text.text[a:b] for a, b in text.mentions] == ["Orca", "CupBench", "Orca"]
    [(head, label, tail)] = text.relations
    assert (text.text[slice(*head)], text.text[slice(*tail)]) == ("Orca", "CupBench")
    assert labels.relations[label] == "Evaluated-With"


def test_scier_paper_goes_by_sentences(tmp_path: Path) -> None:
    row = PAPER | {"doc_tokens": [t for s in PAPER["sentences"] for t in s]}
    first, second = read_public(write(tmp_path, "dev.jsonl", row), "dev", PUBLIC_SETS["scier"])
    assert (first.text, second.text) == ("Orca wins .", "Lynx beats Orca .")
    assert len(second.relations) == 1


def test_scierc_abstract_stays_whole(tmp_path: Path) -> None:
    row = json.loads(json.dumps(PAPER).replace("Compare-With", "COMPARE")) | {"doc_key": "k"}
    [text] = read_public(write(tmp_path, "train.json", row), "train", PUBLIC_SETS["scierc"])
    assert [text.text[a:b] for a, b in text.sentences] == ["Orca wins .", "Lynx beats Orca ."]
    assert len(text.mentions) == 3


@pytest.mark.parametrize("row", [{}, {"sentence": 3}, {"doc_id": 1, "sentence": "a"}])
def test_read_public_names_the_bad_line(tmp_path: Path, row: object) -> None:
    with pytest.raises(InputError, match=r"train\.jsonl:1"):
        read_public(write(tmp_path, "train.jsonl", row), "train", PUBLIC_SETS["scier"])


def test_examples_take_every_span_as_its_own_entity(tmp_path: Path) -> None:
    texts = read_public(write(tmp_path, "train.jsonl", SENTENCE), "train", PUBLIC_SETS["scier"])
    terms = (np.array([0], np.uint32), np.zeros((1, len(COLUMNS)), np.uint8))
    [example], _ = make_examples(texts, terms, piece_rows(lambda word: (5,), (2, 3)))
    assert example.owner.tolist() == [0, 1, 2]
    assert example.pairs == {(0, 1): (4,)}
    assert (example.tags > 0).sum() == 3


@pytest.mark.train
def test_count_hits_counts_types_in_rel_plus_alone(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'papers-kg[train]'")
    from kg.train.public_run import Found, count_hits

    texts = read_public(write(tmp_path, "train.jsonl", SENTENCE), "train", PUBLIC_SETS["scier"])
    terms = (np.array([0], np.uint32), np.zeros((1, len(COLUMNS)), np.uint8))
    [example], _ = make_examples(texts, terms, piece_rows(lambda word: (5,), (2, 3)))
    orca, bench = tuple(example.spans[0].tolist()), tuple(example.spans[1].tolist())
    found = Found(spans=((0.9, orca, 0), (0.8, bench, 1)), links={(orca, bench): (0.7, 4)})
    counts = count_hits(example, found, {"span": 0.5, "link": 0.5}, frozenset())
    assert counts == {"NER": (1, 3, 2), "Rel": (1, 1, 1), "Rel+": (0, 1, 1)}
