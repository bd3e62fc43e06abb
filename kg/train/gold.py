"""Annotated abstracts in the gold format: texts, mentions, the held-back fold, string counts."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import InputError
from kg.extract.abbreviations import find_abbreviations
from kg.extract.neural.labels import TYPES
from kg.extract.neural.strings import string_key
from kg.extract.neural.tables import MAX_NAME, term_hash, terms
from kg.extract.neural.words import Words, split_words
from kg.extract.sentences import split_sentences
from kg.identity import normalise_title
from kg.schema import RelationType
from kg.text import word_occurrences

__all__ = [
    "NO_DOUBTS",
    "Names",
    "Row",
    "abbreviations_of",
    "align",
    "data_digest",
    "full_text",
    "in_fold",
    "mention_spans",
    "place_of",
    "read_dev",
    "read_part",
    "sentences_of",
    "stated",
    "titles_of",
]

Row = Mapping[str, Any]
NO_DOUBTS: Row = {"strings": (), "links": ()}
"""What an earlier model nearly read: strings, and (head string, index in `ROLES`, tail string)."""
Fact = tuple[str, str, str | None, str]


def read_part(folder: Path, part: str) -> list[tuple[Row, Row]]:
    """Read the (text, annotation) rows of one part ("train" or "dev"), ordered by id.

    Raises
    ------
    InputError
        A file is missing, or a line is no JSON object with an id.
    """
    texts, gold = (_read(folder / f"{part}.{kind}.jsonl") for kind in ("texts", "gold"))
    return [(texts[key], gold[key]) for key in sorted(texts.keys() & gold.keys())]


def read_dev(folder: Path) -> list[tuple[Row, Row]] | None:
    """Read the development part, as `read_part` does; `None` where there is none."""
    return read_part(folder, "dev") if (folder / "dev.texts.jsonl").is_file() else None


def _read(path: Path) -> dict[str, Row]:
    if not path.is_file():
        message = f"{path}: no such file; give a folder with train.texts.jsonl and train.gold.jsonl"
        raise InputError(message)
    rows = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            rows[str(row["id"])] = row
        except (ValueError, KeyError, TypeError) as err:
            message = (
                f"{path}:{number}: not a JSON object with an id ({err}); write one on each line"
            )
            raise InputError(message) from err
    return rows


def data_digest(rows: Iterable[tuple[Row, Row]], silver: Path | None = None) -> str:
    """SHA-256 of what was learnt from: the rows, whatever their order in the files, and a file."""
    digest = hashlib.sha256(b"" if silver is None else silver.read_bytes())
    for pair in rows:
        digest.update(json.dumps(pair, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def place_of(doc_id: str) -> float:
    """Where an abstract stands between 0 and 1: by the hash of its id, so that it never moves."""
    return int(hashlib.sha256(doc_id.encode()).hexdigest()[:8], 16) / 2**32


def in_fold(doc_id: str, share: float) -> bool:
    """Whether an abstract is held back."""
    return place_of(doc_id) < share


def titles_of(rows: Iterable[tuple[Row, Row]]) -> set[str]:
    """Return the titles, as the same paper is known by them elsewhere."""
    return {normalise_title(str(row["title"])) for row, _ in rows}


def full_text(row: Row) -> str:
    """Title, blank line, abstract."""
    return f"{row['title']}\n\n{row['abstract']}"


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Return the sentences, as the extraction pipeline splits them."""
    return split_sentences(text, text.index("\n\n"))


def abbreviations_of(text: str) -> list[tuple[str, str]]:
    """Return the (long form, short form) strings that a text defines."""
    pairs = find_abbreviations(text, sentences_of(text))
    return [(text[a:b], text[c:d]) for (a, b), (c, d) in pairs]


def mention_spans(text: str, entities: Sequence[Row]) -> dict[tuple[int, int], tuple[str, str]]:
    """Whole-word occurrences of every mention, as span to (type, entity id)."""
    owner: dict[str, tuple[str, str]] = {}
    for entity in sorted(entities, key=lambda e: str(e["type"])):
        for mention in entity["mentions"]:
            owner.setdefault(mention, (entity["type"], entity["id"]))
    return {(start, end): owner[m] for start, end, m in word_occurrences(text, owner)}


def align(gold: Row, strings: Sequence[Sequence[str]]) -> list[str]:
    """For each predicted entity, given by its strings, the gold entity that most of them name."""
    owner = {
        string_key(m): str(e["id"]) for e in gold["entities"] for m in (*e["mentions"], e["name"])
    }
    names = []
    for number, group in enumerate(strings):
        votes = Counter(owner[key] for key in map(string_key, group) if key in owner)
        names.append(votes.most_common(1)[0][0] if votes else f"?{number}")
    return names


def stated(gold: Row) -> set[Fact]:
    """Return the gold relations as (head, type, role, tail); both ends of a comparison in order."""
    facts = set()
    for r in gold["relations"]:
        head, tail = r["head"], r["tail"]
        if r["type"] == RelationType.COMPARED_WITH:
            head, tail = sorted((head, tail))
        facts.add((head, r["type"], r.get("role"), tail))
    return facts


class Names:
    """How often the gold gives a string each type, and in how many abstracts the string stands.

    `hashes` are sorted, `values` is ``(n_strings, 8)``: abstracts with each type, then with the
    string at all. `own` holds what each abstract added, so that it can be taken away again.
    """

    def __init__(self, rows: Sequence[tuple[str, Words, Sequence[Row]]]) -> None:
        self.own: dict[str, dict[int, NDArray[np.float32]]] = {}
        for doc_id, _, entities in rows:
            self.own[doc_id] = _types_given(entities)
        keys = {key for mine in self.own.values() for key in mine}
        total: dict[int, NDArray[np.float32]] = defaultdict(_nothing)
        for doc_id, words, _ in rows:
            mine = self.own[doc_id]
            for key in {found for _, _, found in terms(words, MAX_NAME)} & keys:
                mine.setdefault(key, _nothing())[len(TYPES)] = 1
            for key, row in mine.items():
                total[key] = total[key] + row
        self.hashes: NDArray[np.uint32] = np.array(sorted(total), np.uint32)
        self.values: NDArray[np.uint16] = np.array(
            [total[key] for key in sorted(total)], np.float32
        ).astype(np.uint16)


def _nothing() -> NDArray[np.float32]:
    return np.zeros(len(TYPES) + 1, np.float32)


def _types_given(entities: Sequence[Row]) -> dict[int, NDArray[np.float32]]:
    given: dict[int, NDArray[np.float32]] = defaultdict(_nothing)
    for kind, string in sorted({(e["type"], m) for e in entities for m in e["mentions"]}):
        units = split_words(string).folded
        if units and len(units) <= MAX_NAME:
            given[term_hash(units)][TYPES.index(kind)] = 1
    return dict(given)
