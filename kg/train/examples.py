"""Gold annotations as arrays: what the model reads of a text, and what it should say of it."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.candidates import sentence_numbers
from kg.extract.neural.labels import PAIR_LABELS, ROLES, TYPES
from kg.extract.neural.tables import knowledge
from kg.extract.neural.words import Words, shapes, split_words
from kg.records import PAPER
from kg.schema import RelationType
from kg.train.gold import NO_DOUBTS, Row, full_text, mention_spans, sentences_of

__all__ = ["Cutter", "Example", "Reader", "Table", "Taught", "piece_rows", "tags_of"]

MAX_PIECES = 510
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Halves = NDArray[np.float16]
Table = tuple[NDArray[np.uint32], NDArray[np.integer]]
UNSURE = -100
"""The tag of a word of which nothing is to be learnt."""
Cutter = Callable[[Sequence[str]], tuple[Ints, Ints, Ints, Ints]]
"""From words to pieces, the word of each, and the first and last piece of each word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What earlier models say of an abstract, as probabilities in half precision."""

    tags: Halves
    """``(W, n_tags)``."""
    numbers: Halves
    """``(W, 3)``: nothing, a result, a margin."""
    types: Halves
    """``(E, 8)``: no entity, then each type."""
    roles: Halves
    pairs: tuple[Ints, Halves]
    """Where the flat ``(E, E, n_labels)`` is not almost 0, and what it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One abstract; `W` words, `L` pieces with the two marks, `S` gold spans, `E` gold entities."""

    id: str
    words: tuple[str, ...]
    features: Floats
    """``(W, n_features)``."""
    pieces: Ints
    word_of_piece: Ints
    """``(L,)``: 0 for a mark, else 1 + the word."""
    first_piece: Ints
    last_piece: Ints
    sentence: Ints
    title_words: int
    tags: Ints
    """``(W,)``; `UNSURE` where an earlier model was in doubt."""
    spans: Ints
    """``(S, 2)``: first and last words, ordered by `owner`."""
    owner: Ints
    types: Ints
    roles: Floats
    """``(E, n_roles)``: 1 where the entity plays the role for the paper or what it introduces, NaN
    where an earlier model was in doubt."""
    pairs: Mapping[tuple[int, int], tuple[int, ...]]
    unsure_pairs: frozenset[tuple[int, int, int]] = frozenset()
    """(head, tail, label) that is not stated and of which an earlier model was in doubt."""
    numbers: Ints
    """``(W,)``: -1 no number, 0 a number, 1 a result, 2 a margin."""
    taught: Taught | None = None
    """In place of tags, numbers, types, roles and pairs, for an abstract without annotations."""


class Reader:
    """Turns annotated rows into examples, with one vocabulary and one pair of knowledge tables."""

    def __init__(self, cut: Cutter, tables: tuple[Table, Table]) -> None:
        self._cut, self._tables = cut, tables

    def read(self, row: Row, gold: Row, minus: Mapping[int, Floats] | None = None) -> Example:
        """Make one example; `minus` are the counts that this abstract itself gave to the names."""
        text = full_text(row)
        words, sentences = split_words(text), sentences_of(text)
        looks = shapes(text, words, sentences)
        features = np.concatenate([looks, knowledge(words, *self._tables, minus)], axis=1)
        pieces, word_of_piece, first, last = self._cut(words.texts)
        n = len(first)
        spans, owner, kept = _gold_spans(text, words, gold, n)
        types = np.array([TYPES.index(entity["type"]) for entity in kept], np.int64)
        tags = tags_of(n, spans, types[owner])
        roles, pairs = _relations(gold, {e["id"]: k for k, e in enumerate(kept)})
        doubts = gold.get("doubts", NO_DOUBTS)
        tags[_doubtful_words(text, words, doubts, n) & (tags == 0)] = UNSURE
        unsure_pairs = _leave_open(roles, pairs, kept, doubts)
        return Example(
            id=str(row["id"]),
            words=words.texts[:n],
            features=features[:n],
            pieces=pieces,
            word_of_piece=word_of_piece,
            first_piece=first,
            last_piece=last,
            sentence=sentence_numbers(words.starts[:n], sentences),
            title_words=sum(start < len(row["title"]) for start in words.starts[:n]),
            tags=tags,
            spans=spans,
            owner=owner,
            types=types,
            roles=roles,
            pairs=pairs,
            unsure_pairs=unsure_pairs,
            numbers=_numbers(text, words, gold, n),
        )


def piece_rows(cut: Callable[[str], tuple[int, ...]], marks: tuple[int, int]) -> Cutter:
    """Make the function that cuts a text's words into at most 510 pieces between two marks."""

    def rows(words: Sequence[str]) -> tuple[Ints, Ints, Ints, Ints]:
        pieces, word_of_piece = [marks[0]], [0]
        first, last = [], []
        for number, word in enumerate(words, start=1):
            cutting = cut(word)
            if len(pieces) + len(cutting) > MAX_PIECES + 1:
                break
            first.append(len(pieces))
            pieces += cutting
            word_of_piece += [number] * len(cutting)
            last.append(len(pieces) - 1)
        columns = ([*pieces, marks[1]], [*word_of_piece, 0], first, last)
        a, b, c, d = (np.array(column, np.int64) for column in columns)
        return a, b, c, d

    return rows


def _gold_spans(text: str, words: Words, gold: Row, n_words: int) -> tuple[Ints, Ints, list[Row]]:
    starts = {start: k for k, start in enumerate(words.starts[:n_words])}
    ends = {end: k for k, end in enumerate(words.ends[:n_words])}
    number = {e["id"]: k for k, e in enumerate(gold["entities"])}
    found = sorted(
        (number[owner], starts[a], ends[b])
        for (a, b), (_, owner) in mention_spans(text, gold["entities"]).items()
        if a in starts and b in ends
    )
    kept = sorted({k for k, _, _ in found})
    place = {k: n for n, k in enumerate(kept)}
    spans = np.array([(a, b) for _, a, b in found], np.int64).reshape(-1, 2)
    owner = np.array([place[k] for k, _, _ in found], np.int64)
    return spans, owner, [gold["entities"][k] for k in kept]


def tags_of(n_words: int, spans: Ints, types: Ints) -> Ints:
    """Tag the words of spans, the longer first; one that overlaps a tagged one is left out."""
    tags = np.zeros(n_words, np.int64)
    lengths = spans[:, 1] - spans[:, 0]
    for k in np.argsort(-lengths, kind="stable"):
        (first, last), kind = spans[k], types[k]
        if tags[first : last + 1].any():
            continue
        tags[first] = 1 + 2 * kind
        tags[first + 1 : last + 1] = 2 + 2 * kind
    return tags


def _relations(
    gold: Row, index: Mapping[str, int]
) -> tuple[Floats, dict[tuple[int, int], tuple[int, ...]]]:
    roles = np.zeros((len(index), len(ROLES)), np.float32)
    pairs: dict[tuple[int, int], tuple[int, ...]] = {}
    introduced = {r["tail"] for r in gold["relations"] if r["type"] == RelationType.INTRODUCES}
    for r in gold["relations"]:
        tail, head = index.get(r["tail"]), index.get(r["head"])
        if tail is None:
            continue
        if r["type"] == RelationType.INTRODUCES:
            roles[tail, 0] = 1
            continue
        label = PAIR_LABELS.index((r["type"], r.get("role")))
        contributes = r["head"] in introduced and r["tail"] not in introduced
        if r["head"] == PAPER or contributes:
            roles[tail, 1 + label] = 1
        if head is not None and head != tail:
            pairs[head, tail] = (*pairs.get((head, tail), ()), label)
    return roles, pairs


def _doubtful_words(text: str, words: Words, doubts: Row, n_words: int) -> NDArray[np.bool_]:
    """Mark the words of every place of the strings that were nearly taken for names."""
    found = np.zeros(n_words, np.bool_)
    entity = {"id": "", "type": "", "mentions": doubts["strings"]}
    for start, end in mention_spans(text, [entity]):
        first = bisect_left(words.starts, start)
        found[first : bisect_left(words.starts, end)] = True
    return found


def _leave_open(
    roles: Floats,
    pairs: Mapping[tuple[int, int], tuple[int, ...]],
    entities: Sequence[Row],
    doubts: Row,
) -> frozenset[tuple[int, int, int]]:
    """Mark the roles that were nearly stated as NaN, and return the pairs that were."""
    owner = {mention: k for k, e in enumerate(entities) for mention in e["mentions"]}
    open_pairs = set()
    for head, label, tail in doubts["links"]:
        source, target = owner.get(head), owner.get(tail)
        if target is None:
            continue
        if source is not None and label > 0 and label - 1 not in pairs.get((source, target), ()):
            open_pairs.add((source, target, label - 1))
        contributes = head is None or (source is not None and roles[source, 0] == 1)
        if contributes and roles[target, label] == 0:
            roles[target, label] = np.nan
    return frozenset(open_pairs)


def _numbers(text: str, words: Words, gold: Row, n_words: int) -> Ints:
    numbers = np.full(n_words, -1, np.int64)
    for k, word in enumerate(words.texts[:n_words]):
        if word[0].isdigit():
            numbers[k] = 0
    for start, end, label in _values(text, gold):
        for k in range(n_words):
            if start <= words.starts[k] < end and numbers[k] == 0:
                numbers[k] = label
    return numbers


def _values(text: str, gold: Row) -> Iterator[tuple[int, int, int]]:
    """Where the values of results (1) and margins (2) stand; results in their evidence first."""
    values = [(str(r["value"]), r.get("evidence"), 1) for r in gold.get("results", [])]
    values += [(str(r["margin"]), None, 2) for r in gold["relations"] if r.get("margin")]
    for value, evidence, label in values:
        at = text.find(evidence) if evidence else -1
        begin, stop = (at, at + len(evidence or "")) if at >= 0 else (0, len(text))
        pattern = re.compile(rf"(?<![\w.]){re.escape(value)}(?!\w)")
        for hit in pattern.finditer(text, begin, stop):
            yield hit.start(), hit.end(), label
