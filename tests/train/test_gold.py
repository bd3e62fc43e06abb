import math

import numpy as np
import pytest

from kg.errors import InputError
from kg.extract.neural.tables import COLUMNS, term_hash
from kg.extract.neural.words import split_words
from kg.train.gold import Names, align, in_fold, mention_spans, read_part, stated
from kg.train.logistic import best_threshold, fit_logistic
from kg.train.reliability import calibration
from kg.train.tables import count_terms

ENTITIES = [
    {"id": "e1", "name": "BC", "type": "Method", "mentions": ["behavior cloning", "BC"]},
    {"id": "e2", "name": "cloning", "type": "Task", "mentions": ["cloning"]},
]


def test_mention_spans_gives_a_place_to_the_longer_mention() -> None:
    text = "behavior cloning (BC), or cloning"
    found = mention_spans(text, ENTITIES)
    assert {text[a:b]: owner for (a, b), (_, owner) in found.items()} == {
        "behavior cloning": "e1",
        "BC": "e1",
        "cloning": "e2",
    }


def test_align_follows_most_strings() -> None:
    gold = {"entities": ENTITIES}
    assert align(gold, [["Behavior-Cloning"], ["robots"]]) == ["e1", "?1"]


def test_stated_orders_the_ends_of_a_comparison() -> None:
    gold = {"relations": [{"head": "e2", "type": "COMPARED_WITH", "tail": "e1"}]}
    assert stated(gold) == {("e1", "COMPARED_WITH", None, "e2")}


def test_fold_holds_back_about_its_share_and_always_the_same() -> None:
    held = [k for k in range(2000) if in_fold(f"paper-{k}", 0.1)]
    assert 150 < len(held) < 250
    assert held == [k for k in range(2000) if in_fold(f"paper-{k}", 0.1)]


def test_names_counts_types_and_texts_and_keeps_what_each_added() -> None:
    rows = [
        ("a", split_words("BC works"), ENTITIES[:1]),
        ("b", split_words("bc again"), []),
    ]
    names = Names(rows)
    at = {tuple(row) for row in names.values.tolist()}
    assert (0, 1, 0, 0, 0, 0, 0, 2) in at  # a Method once, in two texts
    assert sum(row.sum() for row in names.own["b"].values()) == 1


def test_read_part_names_the_missing_file(tmp_path) -> None:
    with pytest.raises(InputError, match=r"train\.texts\.jsonl"):
        read_part(tmp_path, "train")


def test_read_part_names_the_bad_line(tmp_path) -> None:
    (tmp_path / "train.texts.jsonl").write_text('{"id": "a"}\nnothing\n')
    (tmp_path / "train.gold.jsonl").write_text("")
    with pytest.raises(InputError, match=r"texts\.jsonl:2"):
        read_part(tmp_path, "train")


def test_count_terms_counts_abstracts_and_what_follows() -> None:
    text = "Nobody saw the Outer Bow (OB) before. We ran it on Oxbow benchmark."
    table = count_terms([("Robots", text)] * 9, min_counts=(6,) * 5)
    assert (np.diff(table["hashes"].astype(np.int64)) > 0).all()
    rows = dict(zip(table["hashes"].tolist(), table["values"].tolist(), strict=True))
    oxbow = dict(zip(COLUMNS, rows[term_hash(["oxbow"])], strict=True))
    assert oxbow["df"] == round(15 * math.log2(9))
    assert (oxbow["resource"], oxbow["on"], oxbow["capital"], oxbow["task"]) == (255, 255, 255, 0)
    assert dict(zip(COLUMNS, rows[term_hash(["outer", "bow"])], strict=True))["long_form"] > 0
    assert dict(zip(COLUMNS, rows[term_hash(["ob"])], strict=True))["acronym"] > 0
    rare = count_terms([("Robots", text)] * 5, min_counts=(6,) * 5)
    assert rare["values"].shape == (0, len(COLUMNS))


def test_fit_logistic_finds_the_sign_and_a_bias_for_each_label() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 2))
    labels = rng.integers(2, size=2000)
    p = 1 / (1 + np.exp(-(2 * x[:, 0] + np.where(labels == 0, -1, 1))))
    y = (rng.random(2000) < p).astype(float)
    weights, biases = fit_logistic(x, labels, y, 2)
    assert weights[0] == pytest.approx(2, abs=0.3)
    assert weights[1] == pytest.approx(0, abs=0.3)
    assert biases[1] - biases[0] == pytest.approx(2, abs=0.5)


def test_best_threshold_counts_what_was_never_proposed() -> None:
    scored = [(0.55, 1.0), *[(0.45, 0.0)] * 3, (0.25, 1.0), (0.25, 1.0)]
    assert best_threshold(scored, 1) > 0.45
    assert best_threshold(scored, 50) < 0.26


def test_calibration_weighs_bins_by_their_size() -> None:
    scored = [(0.85, True)] * 3 + [(0.85, False)] + [(0.15, False)]
    assert calibration(scored)["error"] == pytest.approx((4 * 0.1 + 1 * 0.15) / 5)
