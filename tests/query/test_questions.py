"""The wordings of the named questions."""
# ruff: noqa: E501 - one wording a line

import pytest

from kg.query.questions import load_questions, match_question

ASKED = [
    ("Which benchmarks does the vision-language-action family use?", "benchmarks_of", "the vision-language-action family"),
    ("what benchmarks are used by Orca", "benchmarks_of", "Orca"),
    ("on which benchmarks is OpenVLA evaluated?", "benchmarks_of", "OpenVLA"),
    ("what is Orca evaluated on", "benchmarks_of", "Orca"),
    ("Which test sets do VLA models use", "benchmarks_of", "VLA models"),
    ("please list the benchmarks that imitation learning uses", "benchmarks_of", "imitation learning"),
    ("which benchmarks Orca is evaluated on", "benchmarks_of", "Orca"),
    ("What benchmarks do people use for imitation learning?", "benchmarks_of", "imitation learning"),
    ("which datasets do vision-language-action models train on", "datasets_of", "vision-language-action models"),
    ("what data was OpenVLA trained on?", "datasets_of", "OpenVLA"),
    ("what is RT-2 trained on", "datasets_of", "RT-2"),
    ("which robots are used for diffusion policy", "robots_of", "diffusion policy"),
    ("what robots has diffusion policy been tested on", "robots_of", "diffusion policy"),
    ("what hardware does ALOHA run on", "robots_of", "ALOHA"),
    ("what does Orca use", "uses_of", "Orca"),
    ("who uses chain of thought", "users_of", "chain of thought"),
    ("which papers use LIBERO", "users_of", "LIBERO"),
    ("which models rely on LoRA?", "users_of", "LoRA"),
    ("which methods were tested on CALVIN?", "evaluated_on", "CALVIN"),
    ("which models have been evaluated on LIBERO?", "evaluated_on", "LIBERO"),
    ("who beats OpenVLA", "outperforms", "OpenVLA"),
    ("what is OpenVLA outperformed by", "outperforms", "OpenVLA"),
    ("what did OpenVLA beat", "outperformed_by", "OpenVLA"),
    ("which models are compared with GPT-4", "compared_with", "GPT-4"),
    ("what is Orca 2 based on", "extends", "Orca 2"),
    ("what builds on OpenVLA?", "extended_by", "OpenVLA"),
    ("who introduced chain-of-thought", "introduced_by", "chain-of-thought"),
    ("where was LIBERO introduced", "introduced_by", "LIBERO"),
    ("papers on imitation learning", "papers_addressing", "imitation learning"),
    ("which tasks does RT-2 solve", "tasks_of", "RT-2"),
    ("who beats whom on LIBERO?", "contests_on", "LIBERO"),
    ("what are the results on GSM8K", "results_on", "GSM8K"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "x"), ASKED, ids=[text for text, _, _ in ASKED])
def test_match_question_reads_wordings_that_people_use(text: str, name: str, x: str) -> None:
    found = match_question(text)
    assert found is not None
    assert (found.question.name, found.x, found.y) == (name, x, None)


@pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.name)
def test_match_question_reads_each_example(question) -> None:
    found = match_question(question.example)
    assert found is not None
    assert found.question is question


@pytest.mark.parametrize(
    "text",
    ["how are Orca and GPT-4 connected", "what is the connection between Orca and GPT-4?",
     "how is Orca related to GPT-4"],
)  # fmt: skip
def test_match_question_finds_both_names(text: str) -> None:
    found = match_question(text)
    assert found is not None
    assert (found.question.name, found.x, found.y) == ("connection", "Orca", "GPT-4")


@pytest.mark.parametrize("text", ["", "?", "what is the weather", "MATCH (n) RETURN n"])
def test_match_question_refuses_what_it_cannot_read(text: str) -> None:
    assert match_question(text) is None
