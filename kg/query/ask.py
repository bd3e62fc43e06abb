"""Answering a question in English from the graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import InputError
from kg.query.names import NameHit, find_names
from kg.query.narrowing import Narrowing
from kg.query.questions import load_questions, match_question
from kg.store.base import Store

__all__ = ["Answer", "AnswerRow", "Evidence", "answer_json", "ask", "question_list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence of a paper that states the fact."""

    paper: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer: `papers` are ids; `via` are the paths that led there, the shortest first."""

    name: str
    type: str
    papers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    via: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows that answer a question, and the Cypher that found them."""

    question: str
    title: str
    subjects: tuple[str, ...]
    cypher: str
    parameters: Mapping[str, Any]
    rows: tuple[AnswerRow, ...]


def ask(
    store: Store, question: str, *, narrowing: Narrowing | None = None, direct: bool = False
) -> Answer:
    """Answer one of the named questions, in the wording of the person who asks.

    `direct` leaves out what holds only of the family of a name, or of what uses or extends it.

    Raises
    ------
    InputError
        The question cannot be read (the message lists what can be asked), or it names
        something that is not in the graph (the message gives the nearest names).
    """
    found = match_question(question)
    if found is None:
        message = f"cannot read the question {question.strip()!r}; {question_list()}"
        raise InputError(message)
    hits = find_names(store, found.x, found.question.x)
    subjects = [_subject(hits)]
    parameters: dict[str, Any] = {
        "ids": [hit.id for hit in hits],
        "direct": direct,
        **(narrowing or Narrowing()).parameters(),
    }
    if found.y is not None:
        others = find_names(store, found.y, found.question.y)
        subjects.append(_subject(others))
        parameters["other_ids"] = [hit.id for hit in others]
    table = store.query(found.question.cypher, parameters)
    return Answer(
        question=question,
        title=found.question.title,
        subjects=tuple(subjects),
        cypher=found.question.cypher,
        parameters=parameters,
        rows=tuple(_row(dict(zip(table.columns, row, strict=True))) for row in table.rows),
    )


def question_list() -> str:
    """Return the questions that can be asked, an example each, on one line."""
    return "ask for example: " + " · ".join(question.example for question in load_questions())


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as the JSON object that `kg ask --format json` prints."""
    return {
        "question": answer.question,
        "cypher": answer.cypher,
        "parameters": dict(answer.parameters),
        "rows": [
            {
                "name": row.name,
                "type": row.type,
                "papers": list(row.papers),
                "evidence": [
                    {"paper": item.paper, "sentence": item.sentence} for item in row.evidence
                ],
                "via": list(row.via),
            }
            for row in answer.rows
        ],
    }


def _subject(hits: Sequence[NameHit]) -> str:
    return " / ".join(f"{hit.name} ({hit.label})" for hit in hits)


def _row(cells: Mapping[str, Any]) -> AnswerRow:
    evidence = {(item["paper"], item["sentence"] or "") for item in cells["evidence"]}
    return AnswerRow(
        name=cells["name"],
        type=cells["type"],
        papers=tuple(sorted(set(cells["papers"]))),
        evidence=tuple(Evidence(paper=p, sentence=s) for p, s in sorted(evidence)),
        via=tuple(sorted(set(cells["via"]), key=lambda path: (path.count("]-"), path))),
    )
