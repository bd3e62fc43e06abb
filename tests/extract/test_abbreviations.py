"""Which parentheses define an abbreviation."""

import pytest

from kg.extract.abbreviations import find_abbreviations

DEFINED = {
    "acronym": (
        "We use direct preference optimisation (DPO).",
        "direct preference optimisation",
        "DPO",
    ),
    "plural": ("Large language models (LLMs) are used.", "Large language models", "LLMs"),
    "before its noun": (
        "Vision-language-action (VLA) models act.",
        "Vision-language-action",
        "VLA",
    ),
    "inverted": ("We test on BBH (Big-Bench Hard).", "Big-Bench Hard", "BBH"),
    "inverted, whole": ("OOD (out-of-distribution) data hurt.", "out-of-distribution", "OOD"),
    "digit for a word": ("Text-to-image (T2I) models draw.", "Text-to-image", "T2I"),
    "digit in both": ("We use 3D Gaussian splatting (3DGS).", "3D Gaussian splatting", "3DGS"),
    "stop word first": ("We study in-context learning (ICL).", "in-context learning", "ICL"),
    "stop word inside": ("We use chain of thought (CoT).", "chain of thought", "CoT"),
    "letters inside words": ("A vision transformer (ViT) reads it.", "vision transformer", "ViT"),
    "with a citation": ("Mean of means (MoM; Smith et al.) wins.", "Mean of means", "MoM"),
    "capital letters inside": (
        "LONGER (LearnING over Narrow GEneral Rows) is new.",
        "LearnING over Narrow GEneral Rows",
        "LONGER",
    ),
}
UNDEFINED = {
    "reference": "We use trees (see Fig. 2).",
    "other letters": "It runs on a robot (UR5).",
    "ordinary word": "We compare two models (ours) here.",
    "number": "We use many models (12).",
    "year": "This is known (Smith 2020).",
    "no letters in order": "We use a language model (GPT-4).",
    "description": "CLIP (a contrastive model) is used.",
    "metric": "It has high accuracy (97.1%).",
}


@pytest.mark.parametrize("case", DEFINED)
def test_abbreviation_is_found(case: str) -> None:
    text, long, short = DEFINED[case]
    found = find_abbreviations(text, [(0, len(text))])
    assert [(text[a:b], text[c:d]) for (a, b), (c, d) in found] == [(long, short)]


@pytest.mark.parametrize("case", UNDEFINED)
def test_parenthesis_is_no_abbreviation(case: str) -> None:
    text = UNDEFINED[case]
    assert find_abbreviations(text, [(0, len(text))]) == []


def test_long_form_stays_in_its_sentence() -> None:
    text = "We like dogs. Preference optimisation (DPO) helps."
    assert find_abbreviations(text, [(0, 13), (14, len(text))]) == []
