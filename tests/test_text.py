import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("a\x1bPq#0\x1b\\b", "ab"),
        ("a\rb\x08c\x00d", "abcd"),
        ("a\u202eb\u2066c\ufeff", "abc"),
        ("tab\tline\n", "tab\tline\n"),
        ("π0 – naïve 机器人", "π0 – naïve 机器人"),
        ("half \ud800", "half \ufffd"),
    ],
)
def test_strip_controls_leaves_text_alone(value, expected):
    assert text.strip_controls(value) == expected


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_strip_controls_lets_no_control_through(value):
    shown = text.strip_controls(value)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    shown.encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Naïve–Bayes", "naive-bayes"),
        ("GPT‑4", "gpt-4"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("ﬁne  tune", "fine tune"),
        ("π₀", "π0"),
        ("机器人", "机器人"),
        ("İstanbul", "istanbul"),
    ],
)
def test_fold_makes_spellings_one(value, expected):
    assert text.fold(value) == expected


@given(st.text())
def test_fold_is_idempotent(value):
    assert text.fold(text.fold(value)) == text.fold(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("A Title\n\nFirst here. Second.", ["A Title", "First here.", "Second."]),
        ("We use arms, e.g. Franka, i.e. two.", ["We use arms, e.g. Franka, i.e. two."]),
        ("Lee et al. propose it. We do too.", ["Lee et al. propose it.", "We do too."]),
        ("Qwen2.5 beats v1.5 by 3.2 points. Good.", ["Qwen2.5 beats v1.5 by 3.2 points.", "Good."]),
        ("Is it so? Yes! (It is.) Fine.", ["Is it so?", "Yes!", "(It is.)", "Fine."]),
        ("Shown in Fig. 2 by J. Smith.", ["Shown in Fig. 2 by J. Smith."]),
        ("Ends with etc. Then more.", ["Ends with etc.", "Then more."]),
        ("It has 3 arms. 2 legs. Ok.", ["It has 3 arms.", "2 legs.", "Ok."]),
        ("", []),
        ("  \n\n ", []),
    ],
)
def test_sentence_spans_survive_abbreviations(value, expected):
    assert [value[a:b] for a, b in text.sentence_spans(value)] == expected


@given(st.text(alphabet="aA .!?)\n1e.g"))
def test_sentence_spans_cover_all_but_white_space(value):
    spans = text.sentence_spans(value)
    assert "".join("".join(value[a:b].split()) for a, b in spans) == "".join(value.split())
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))


@given(st.text(alphabet="aab_ -é"), st.lists(st.text(alphabet="ab-é", min_size=1), max_size=4))
def test_word_occurrences_are_those_of_a_regular_expression(value, mentions):
    found, taken = set(), [False] * len(value)
    for mention in sorted(set(mentions), key=lambda m: (-len(m), m)):
        for hit in re.finditer(rf"(?<!\w){re.escape(mention)}(?!\w)", value):
            if not any(taken[hit.start() : hit.end()]):
                taken[hit.start() : hit.end()] = [True] * len(mention)
                found.add((*hit.span(), mention))
    assert set(text.word_occurrences(value, mentions)) == found
