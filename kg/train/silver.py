"""Records of an earlier model as annotations to learn from: self-training.

One record is as good as the model that read it. All of them together know more: a string that most
papers call a Benchmark is one, and a string that stands in many papers and is named in few of them
is no name. So each string is put to the vote of the papers that contain it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.extract.neural.labels import ROLES
from kg.extract.neural.strings import string_key
from kg.extract.neural.words import split_words
from kg.records import PAPER
from kg.records_json import record_from_json, record_to_json
from kg.schema import RelationType, load_schema
from kg.train.gold import NO_DOUBTS, Row, full_text

__all__ = ["read_silver", "vote"]

MIN_PAPERS = 5
"""A string that fewer papers name or contain is left as the model read it."""
MIN_NAMED = 0.3
"""A string that a smaller share of the papers that contain it name is no name."""
MIN_SHARE = 0.7
"""The share of the votes that a type needs to replace the others."""
_LONGEST = 8

Pair = tuple[Row, Row]


def read_silver(path: Path) -> Iterator[Pair]:
    """Yield (text, annotation) rows of a file of records, one JSON object a line.

    Raises
    ------
    InputError
        A line is no record.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            where = f"{path}:{number}"
            try:
                obj = json.loads(line)
            except ValueError as err:
                message = f"{where}: not a JSON object ({err}); write one record on each line"
                raise InputError(message) from err
            row = record_to_json(record_from_json(obj, where))
            doubts = _doubts(obj.get("doubts", NO_DOUBTS), where)
            yield {**row["paper"], "id": row["id"]}, {**row, "doubts": doubts}


def _doubts(given: Any, where: str) -> Row:
    """Check what `scripts/silver` writes beside a record."""
    try:
        strings, links = list(given["strings"]), [tuple(link) for link in given["links"]]
        sound = all(isinstance(string, str) for string in strings)
        sound = sound and all(label in range(len(ROLES)) for _, label, _ in links)
    except (TypeError, KeyError, ValueError):
        sound = False
    if not sound:
        message = f"{where}: its doubts are not as scripts/silver writes them; write them anew"
        raise InputError(message)
    return {"strings": strings, "links": links}


def vote(rows: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the rows with the types that most papers give, without strings that few papers name.

    Relations and results go with the entities; rows that then introduce nothing are left out.
    """
    types: dict[str, Counter[str]] = defaultdict(Counter)
    for _, row in rows:
        for key, kind in {(k, e["type"]) for e in row["entities"] for k in _keys(e)}:
            types[key][kind] += 1
    standing = Counter(key for text, _ in rows for key in _strings(full_text(text)) & types.keys())
    for text, row in rows:
        voted = _revise(row, types, standing)
        if _introduces(voted):
            yield text, voted


def _introduces(row: Row) -> bool:
    """Whether something is introduced, or was nearly read so."""
    doubts = row.get("doubts", NO_DOUBTS)["links"]
    stated = any(r["type"] == RelationType.INTRODUCES for r in row["relations"])
    return stated or any(head is None and label == 0 for head, label, _ in doubts)


def _keys(entity: Mapping[str, Any]) -> set[str]:
    return {string_key(mention) for mention in entity["mentions"]}


def _strings(text: str) -> set[str]:
    """Every run of up to eight words, folded as names are."""
    words = split_words(text)
    return {
        string_key(text[words.starts[k] : words.ends[last]])
        for k in range(len(words.starts))
        for last in range(k, min(k + _LONGEST, len(words.starts)))
    }


def _revise(
    row: Row, types: Mapping[str, Counter[str]], standing: Mapping[str, int]
) -> dict[str, Any]:
    kept = {}
    for entity in row["entities"]:
        votes: Counter[str] = sum((types[key] for key in _keys(entity)), Counter())
        named = votes.total()
        contained = sum(standing.get(key, 0) for key in _keys(entity))
        if contained >= MIN_PAPERS and named < MIN_NAMED * contained:
            continue
        kind, n = votes.most_common(1)[0]
        sure = named >= MIN_PAPERS and n >= MIN_SHARE * named
        kept[entity["id"]] = {**entity, "type": kind if sure else entity["type"]}
    label = {key: entity["type"] for key, entity in kept.items()} | {PAPER: "Paper"}
    allows = load_schema().allows
    relations = [
        r
        for r in row["relations"]
        if r["head"] in label
        and r["tail"] in label
        and allows(r["type"], label[r["head"]], label[r["tail"]], r.get("role"))
    ]
    results = [
        r
        for r in row.get("results", [])
        if all(r.get(end) is None or r[end] in label for end in ("system", "benchmark", "metric"))
    ]
    return {**row, "entities": list(kept.values()), "relations": relations, "results": results}
