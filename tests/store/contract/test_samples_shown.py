"""Every question, and every query that README, a help text or schemas/ shows, in every store."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from kg.cli import COMMANDS, root
from kg.query.ask import answer_json, ask
from kg.query.narrowing import Narrowing
from kg.query.questions import Question, load_questions, match_question
from kg.schema import schema_file
from kg.store.base import Store

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_CYPHER = r"(?:MATCH|OPTIONAL MATCH|UNWIND|WITH|CALL|RETURN)\b"


def _commands() -> Iterator[str]:
    """Yield the lines of README and of the help texts that ask something of the graph."""
    context = click.Context(root)
    for name in COMMANDS["Ask"]:
        command = root.get_command(context, name)
        assert command is not None
        yield from re.findall(rf"^\$ (kg {name}(?: .*)?)$", README, re.M)
        yield from re.findall(rf"Example: (kg {name}.*)", command.help or "")


def _queries() -> Iterator[str]:
    """Yield the queries that README shows in prose and in Python, whole ones alone."""
    text = re.sub(r"^### Where the stores differ$.*?^##", "##", README, flags=re.M | re.S)
    text = re.sub(r"^\$ .*$", "", text, flags=re.M)
    for found in re.findall(rf'"({_CYPHER}[^"]*)"|`({_CYPHER}[^`]*)`', text):
        query = found[0] or found[1]
        if "RETURN" in query:
            yield query


SHOWN_COMMANDS = sorted(set(_commands()))
SHOWN_QUERIES = sorted(set(_queries()))
each_question = pytest.mark.parametrize(
    "question", load_questions(), ids=[question.name for question in load_questions()]
)


def test_what_is_shown_is_found() -> None:
    assert len(SHOWN_COMMANDS) >= 12
    assert len(SHOWN_QUERIES) >= 1
    files = [item.name for item in schema_file("questions").iterdir()]
    assert len(load_questions()) == sum(name.endswith(".cypher") for name in files)


@pytest.mark.neo4j
@pytest.mark.parametrize("query", SHOWN_QUERIES)
def test_shown_query_gives_the_same_rows(
    query: str, embedded_samples: Store, neo4j_samples: Store, comparable: Any
) -> None:
    embedded = comparable(embedded_samples.query(query))
    assert embedded[1]
    assert embedded == comparable(neo4j_samples.query(query))


@pytest.mark.neo4j
@pytest.mark.parametrize("command", SHOWN_COMMANDS)
def test_shown_command_prints_the_same(
    command: str, samples_folder: Path, neo4j_address: str, run_kg
) -> None:
    embedded, on_server = (
        run_kg(*shlex.split(command)[1:], "--store", address, cwd=samples_folder.parent)
        for address in (str(samples_folder), neo4j_address)
    )
    assert (embedded.returncode, on_server.returncode) == (0, 0), on_server.stderr
    printed = [done.stdout.splitlines() for done in (embedded, on_server)]
    assert len(printed[0]) > 1
    if command.startswith("kg query"):
        printed = [sorted(lines) for lines in printed]
    assert printed[0] == printed[1]


@pytest.mark.neo4j
@each_question
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"direct": True},
        {"narrowing": Narrowing(min_support=2)},
        {"narrowing": Narrowing(min_confidence=0.8)},
        {"narrowing": Narrowing(year_from=2021, year_to=2023)},
    ],
    ids=["all", "direct", "support", "confidence", "years"],
)
def test_question_has_the_same_answer(
    question: Question, options: dict[str, Any], embedded_samples: Store, neo4j_samples: Store
) -> None:
    found = match_question(question.example)
    assert found is not None
    assert found.question.name == question.name
    embedded, on_server = (
        answer_json(ask(store, question.example, **options))
        for store in (embedded_samples, neo4j_samples)
    )
    assert embedded == on_server


def test_most_questions_have_an_answer(embedded_samples: Store) -> None:
    answered = [
        question.name
        for question in load_questions()
        if ask(embedded_samples, question.example).rows
    ]
    assert len(answered) > 0.8 * len(load_questions())
