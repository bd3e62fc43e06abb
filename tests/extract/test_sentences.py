"""Where sentences end, and where they do not."""

import pytest

from kg.extract.sentences import sentence_at, split_sentences

ONE = {
    "e.g.": "We use models, e.g. GPT-4, for this.",
    "i.e.": "One thing matters, i.e. The Data that we keep.",
    "et al.": "This follows Smith et al. (2020) and Jones et al. 2021 closely.",
    "version": "We release v1.5 of the suite.",
    "vs.": "We compare Zed vs. Kay in all settings.",
    "figure": "As Fig. 3 shows, it works.",
    "equation": "It follows from Eq. (2) directly.",
    "decimals": "The error falls from 0.5 to 0.25 here.",
    "country": "Data from the U.S. Census are used.",
    "initials": "A proof by J. R. Smith is given.",
    "address": "Code is at https://example.org/a.b/C.html for all.",
    "doctor": "We thank Dr. Miller for help.",
    "approximately": "It takes approx. 3 hours.",
}
TWO = {
    "plain": ("We propose Zed. It wins.", "It wins."),
    "question": ("Can it plan? We ask five models.", "We ask five models."),
    "quote": ('It says "stop." Then it stops.', "Then it stops."),
    "after et al.": ("We follow Smith et al. We differ in one way.", "We differ in one way."),
    "after etc.": ("We use tables, etc. The rest is text.", "The rest is text."),
    "after U.S.": ("All data are from the U.S. The rest is not.", "The rest is not."),
    "mixed-case name": ("It is fast. iZed is faster.", "iZed is faster."),
    "glued": ("It is good on all tests.We release it now.", "We release it now."),
    "number first": ("It works. 3 of 4 runs end well.", "3 of 4 runs end well."),
    "address at the end": ("Code is at https://example.org/a. We hope it helps.", "We hope it helps."),  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("case", ONE)
def test_sentence_is_left_whole(case: str) -> None:
    assert split_sentences(ONE[case]) == [(0, len(ONE[case]))]


@pytest.mark.parametrize("case", TWO)
def test_sentence_ends(case: str) -> None:
    text, last = TWO[case]
    spans = split_sentences(text)
    assert [text[a:b] for a, b in spans][1:] == [last]


def test_title_is_a_sentence_of_its_own() -> None:
    text = "Zed: what? A study\n\nWe study it."
    spans = split_sentences(text, 18)
    assert [text[a:b] for a, b in spans] == ["Zed: what? A study", "We study it."]


def test_sentences_cover_every_word_in_order() -> None:
    text = "One.  Two!\n\nThree (e.g. this)? Four"
    spans = split_sentences(text)
    assert "".join(text[a:b] for a, b in spans).replace(" ", "") == "".join(text.split())
    assert spans == sorted(spans)


def test_sentence_at_finds_the_sentence_of_an_offset() -> None:
    assert sentence_at([(0, 4), (5, 9)], 6) == (5, 9)
    assert sentence_at([(0, 4), (5, 9)], 4) is None
