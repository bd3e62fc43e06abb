import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.neural.pieces import piece_cutter
from kg.extract.neural.tables import COLUMNS, MAX_NAME, N_KNOWLEDGE, knowledge, term_hash, terms
from kg.extract.neural.words import N_SHAPES, fold, head_of, shapes, split_words


@given(st.text(max_size=200))
def test_split_words_covers_all_but_white_space(text: str) -> None:
    words = split_words(text)
    left = list(text)
    for start, end, word in zip(words.starts, words.ends, words.texts, strict=True):
        assert text[start:end] == word
        left[start:end] = ""
        left[start:start] = [" "] * (end - start)
    assert "".join(left).strip() == ""


@pytest.mark.parametrize(
    ("text", "chains"),
    [
        pytest.param("sim-to-real transfer", [1, 1, 1, 1], id="hyphens join"),
        pytest.param("GPT-4, Llama", [1, 1, 2], id="a comma parts"),
        pytest.param("one\n\ntwo", [1, 2], id="a blank line parts"),
        pytest.param("IF_Eval", [1, 1], id="an underscore joins"),
    ],
)
def test_split_words_chains_what_may_be_one_term(text: str, chains: list[int]) -> None:
    assert list(split_words(text).chain) == chains


def test_head_of_keeps_words_and_their_units() -> None:
    words = head_of(split_words("a, b, c"), 3)
    assert words.texts == ("a", ",", "b")
    assert words.units == (0, 2)
    assert words.folded == ("a", "b")


def test_shapes_tells_case_digits_and_place() -> None:
    text = "Orca 2\n\nWe use GPTs."
    rows = shapes(text, split_words(text), [(0, 6), (8, 20)])
    assert rows.shape == (6, N_SHAPES)
    assert rows[:, 18].tolist() == [1, 1, 0, 0, 0, 0]  # in the title
    assert rows[:, 19].tolist() == [1, 0, 1, 0, 0, 0]  # opens a sentence
    assert (rows[:, :16].sum(1) == 1).all()


def test_terms_stay_inside_a_chain() -> None:
    words = split_words("deep nets, robots")
    found = {(k, n) for k, n, _ in terms(words, MAX_NAME)}
    assert found == {(0, 1), (0, 2), (1, 1), (2, 1)}


def test_term_hash_folds_the_last_word_alone() -> None:
    assert term_hash(["neural", "networks"]) == term_hash(["neural", "network"])
    assert term_hash(["networks", "neural"]) != term_hash(["network", "neural"])
    assert fold("Networks") == "network"


def _table(string: str, row: list[int]) -> tuple[np.ndarray, np.ndarray]:
    key = term_hash(split_words(string).folded)
    return np.array([key], np.uint32), np.array([row], np.uint16)


def test_knowledge_takes_own_counts_away() -> None:
    words = split_words("imitation learning works")
    corpus = _table("imitation learning", [255] * len(COLUMNS))
    names = _table("imitation learning", [0, 3, 0, 0, 0, 0, 0, 4])
    full = knowledge(words, corpus, names)
    assert full.shape == (3, N_KNOWLEDGE)
    assert full[0].any()
    assert full[1].any()
    assert not full[2].any()
    own = {int(names[0][0]): np.array([0, 3, 0, 0, 0, 0, 0, 3], np.float32)}
    less = knowledge(words, corpus, names, own)
    assert less[:2, -9:].sum() == 0 < full[:2, -9:].sum()


def test_pieces_are_the_longest_that_the_vocabulary_has() -> None:
    ids = {"[UNK]": 0, "man": 1, "##ip": 2, "##ul": 3, "##ation": 4, "manip": 5, "naive": 6}
    cut = piece_cutter(ids)
    assert cut("Manipulation") == (5, 3, 4)
    assert cut("naïve") == (6,)
    assert cut("xyz") == (0,)
    assert cut("m" * 1000) == (0,)
