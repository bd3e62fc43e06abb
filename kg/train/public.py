"""The public sets SciER and SciERC: the same network, trained and scored on their own labels.

SciER (Zhang et al. 2024) annotates sentences of full papers, SciERC (Luan et al. 2018) abstracts.
Their types and relations take the places of ours in the network's outputs, so that nothing of it
changes; every span is an entity of its own, as both sets have it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import InputError
from kg.extract.neural.candidates import sentence_numbers
from kg.extract.neural.labels import ROLES, TYPES
from kg.extract.neural.tables import knowledge
from kg.extract.neural.words import shapes, split_words
from kg.text import word_occurrences
from kg.train.examples import Cutter, Example, Table, tags_of
from kg.train.gold import Names

__all__ = ["PUBLIC_SETS", "PublicSet", "PublicText", "make_examples", "read_public"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSet:
    """The labels of a public set, and how many epochs its size asks for."""

    name: str
    types: tuple[str, ...]
    relations: tuple[str, ...]
    symmetric: frozenset[str]
    epochs: float


PUBLIC_SETS: Mapping[str, PublicSet] = {
    "scier": PublicSet(
        name="scier",
        types=("Method", "Task", "Dataset"),
        relations=(
            "Used-For",
            "Part-Of",
            "Synonym-Of",
            "Compare-With",
            "Evaluated-With",
            "SubClass-Of",
            "Benchmark-For",
            "Trained-With",
            "SubTask-Of",
        ),
        symmetric=frozenset({"Synonym-Of", "Compare-With"}),
        epochs=4.0,
    ),
    "scierc": PublicSet(
        name="scierc",
        types=("Method", "Task", "Metric", "Material", "OtherScientificTerm", "Generic"),
        relations=(
            "USED-FOR",
            "CONJUNCTION",
            "EVALUATE-FOR",
            "HYPONYM-OF",
            "PART-OF",
            "FEATURE-OF",
            "COMPARE",
        ),
        symmetric=frozenset({"CONJUNCTION", "COMPARE"}),
        epochs=15.0,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicText:
    """One sentence or abstract: offsets count characters of `text`."""

    id: str
    text: str
    sentences: tuple[Span, ...]
    mentions: Mapping[Span, int]
    """Span to the index of its type."""
    relations: frozenset[tuple[Span, int, Span]]
    """Head, index of the relation, tail."""


def read_public(folder: Path, part: str, labels: PublicSet) -> list[PublicText]:
    """Read `train` or `dev` of a public set, as its authors publish it.

    Raises
    ------
    InputError
        There is no such file, or a line has another form.
    """
    suffix = {"scier": "jsonl", "scierc": "json"}[labels.name]
    path = folder / f"{part}.{suffix}"
    if not path.is_file():
        message = f"{path}: no such file; give the folder of {labels.name} with train and dev"
        raise InputError(message)
    texts: list[PublicText] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            texts += _by_strings(row, number, labels) if "sentence" in row else _texts(row, labels)
        except (ValueError, KeyError, TypeError, IndexError) as err:
            message = f"{path}:{number}: not a {labels.name} record ({err!r}); take the original"
            raise InputError(message) from err
    return texts


def _by_strings(row: Mapping[str, Any], number: int, labels: PublicSet) -> Iterator[PublicText]:
    """Read a sentence whose mentions are strings: each stands for its whole-word occurrences."""
    text = row["sentence"]
    types = {string: labels.types.index(kind) for string, kind in row["ner"]}
    found = sorted(word_occurrences(text, types))
    first: dict[str, Span] = {}
    for start, end, string in found:
        first.setdefault(string, (start, end))
    yield PublicText(
        id=f"{row['doc_id']}-{number}",
        text=text,
        sentences=((0, len(text)),),
        mentions={(start, end): types[string] for start, end, string in found},
        relations=frozenset(
            (first[head], labels.relations.index(kind), first[tail])
            for head, kind, tail in row["rel"]
            if head in first and tail in first
        ),
    )


def _texts(row: Mapping[str, Any], labels: PublicSet) -> Iterator[PublicText]:
    """Read a document of tokens: SciERC's abstracts are whole, SciER's papers go by sentences."""
    whole = "doc_tokens" not in row
    tokens = [token for sentence in row["sentences"] for token in sentence]
    ends = np.cumsum([len(sentence) for sentence in row["sentences"]]).tolist()
    borders = list(zip([0, *ends[:-1]], ends, strict=True))
    mentions = [m for found in row["ner"] for m in found]
    relations = [r for found in row["relations"] for r in found]
    for first, stop in [(0, len(tokens))] if whole else borders:
        own = [b for b in borders if first <= b[0] and b[1] <= stop]
        yield _of_tokens(row, tokens[first:stop], (first, own, mentions, relations), labels)


def _of_tokens(
    row: Mapping[str, Any],
    tokens: Sequence[str],
    found: tuple[int, list[Any], list[Any], list[Any]],
    labels: PublicSet,
) -> PublicText:
    first, borders, mentions, relations = found
    ends = np.cumsum([len(token) + 1 for token in tokens]) - 1
    starts = ends - [len(token) for token in tokens]

    def span(a: int, b: int) -> Span:
        return int(starts[a - first]), int(ends[b - first])

    inside = range(first, first + len(tokens))
    kept = {
        span(a, b): labels.types.index(kind)
        for a, b, kind in mentions
        if a in inside and b in inside
    }
    return PublicText(
        id=f"{row.get('doc_id') or row.get('doc_key')}-{first}",
        text=" ".join(tokens),
        sentences=tuple(span(a, b - 1) for a, b in borders if b > a),
        mentions=kept,
        relations=frozenset(
            (span(a, b), labels.relations.index(kind), span(c, d))
            for a, b, c, d, kind in relations
            if a in inside and d in inside and b in inside and c in inside
        ),
    )


def make_examples(
    texts: Sequence[PublicText], terms: Table, cut: Cutter, names: Names | None = None
) -> tuple[list[Example], Names]:
    """Turn texts into examples, reading them with `names` or with the strings that they name."""
    own = names is None
    if names is None:
        names = Names([(t.id, split_words(t.text), _as_entities(t)) for t in texts])
    strings = (names.hashes, names.values)
    examples = [_example(t, (terms, strings), cut, names.own[t.id] if own else None) for t in texts]
    return examples, names


def _as_entities(text: PublicText) -> list[dict[str, Any]]:
    return [
        {"type": TYPES[kind], "mentions": [text.text[a:b]]}
        for (a, b), kind in text.mentions.items()
    ]


def _example(
    text: PublicText,
    tables: tuple[Table, Table],
    cut: Cutter,
    minus: Mapping[int, NDArray[np.float32]] | None,
) -> Example:
    words = split_words(text.text)
    looks = shapes(text.text, words, text.sentences)
    features = np.concatenate([looks, knowledge(words, *tables, minus)], axis=1)
    pieces, word_of_piece, first, last = cut(words.texts)
    n = len(first)
    starts = {start: k for k, start in enumerate(words.starts[:n])}
    ends = {end: k for k, end in enumerate(words.ends[:n])}
    kept = sorted(span for span in text.mentions if span[0] in starts and span[1] in ends)
    place = {span: k for k, span in enumerate(kept)}
    spans = np.array([(starts[a], ends[b]) for a, b in kept], np.int64).reshape(-1, 2)
    types = np.array([text.mentions[span] for span in kept], np.int64)
    pairs: dict[tuple[int, int], tuple[int, ...]] = {}
    for head, label, tail in sorted(text.relations):
        if head in place and tail in place:
            ends_of = (place[head], place[tail])
            pairs[ends_of] = (*pairs.get(ends_of, ()), label)
    return Example(
        id=text.id,
        words=words.texts[:n],
        features=features[:n],
        pieces=pieces,
        word_of_piece=word_of_piece,
        first_piece=first,
        last_piece=last,
        sentence=sentence_numbers(words.starts[:n], text.sentences),
        title_words=0,
        tags=tags_of(n, spans, types),
        spans=spans,
        owner=np.arange(len(spans)),
        types=types,
        roles=np.zeros((len(spans), len(ROLES)), np.float32),
        pairs=pairs,
        numbers=np.full(n, -1, np.int64),
    )
