"""Measure how often each wording of the extraction rules is right, on annotated abstracts.

    python scripts/measure_rules.py TEXTS.jsonl GOLD.jsonl

Reads the texts with their annotated entities, so that only the relation is judged, and writes
kg/extract/data/precision.json: (right + 3) / (found + 4) for each rule.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg.extract.contribution import find_main
from kg.extract.masking import read_clauses
from kg.extract.pairs import Fact, find_pairs
from kg.extract.relations import find_families, find_versions
from kg.extract.sentences import split_sentences
from kg.records import Record
from kg.records_json import record_from_json
from kg.schema import load_schema

DATA = Path(__file__).resolve().parent.parent / "kg" / "extract" / "data"


def main() -> None:
    texts, gold = (Path(name).read_text().splitlines() for name in sys.argv[1:3])
    papers = {row["id"]: row for row in map(json.loads, texts)}
    found, right, new, wrong = Counter(), Counter(), Counter(), {}
    for line in gold:
        annotation = json.loads(line)
        record = record_from_json(papers[annotation["id"]] | annotation, "gold")
        for fact, names, is_right, is_new in _judged(record):
            found[fact.rule] += 1
            right[fact.rule] += is_right
            new[fact.rule] += is_right and is_new
            if not is_right:
                wrong.setdefault(fact.rule, []).append((names, fact.clause.line[:300]))
    precision = {rule: round((right[rule] + 3) / (n + 4), 2) for rule, n in sorted(found.items())}
    (DATA / "precision.json").write_text(json.dumps(precision, indent=1) + "\n")
    for rule, n in sorted(found.items()):
        print(
            f"{rule:20} {right[rule]:5} of {n:5}  {precision[rule]:.2f}  not of the paper: {new[rule]}"  # noqa: E501
        )
        for example in wrong.get(rule, ())[: int((sys.argv[3:] or ["0"])[0])]:
            print("      ", *example)


def _judged(record: Record) -> Iterator[tuple[Fact, list[str], bool, bool]]:
    """Yield each fact that the rules find, its names, whether it is right, and of other heads."""
    entities = [e for e in record.entities if e.spans]
    index = {e.id: k for k, e in enumerate(entities)}
    introduced = [
        index[r.tail] for r in record.relations if r.type == "INTRODUCES" and r.tail in index
    ]
    main_entity = find_main(entities, introduced)
    heads = {None, *introduced}
    truth = _truth(record, index, heads, main_entity)
    sentences = split_sentences(record.paper.text, len(record.paper.title))
    clauses = read_clauses(record.paper.text, sentences, entities)
    facts = [f for clause in clauses for f in find_pairs(clause, main_entity)]
    facts += find_families(entities, clauses)
    facts += find_versions(entities, clauses, main_entity)
    for fact in facts:
        if fact.tail is None or fact.head == fact.tail:
            continue
        head_type = "Paper" if fact.head is None else entities[fact.head].type
        if load_schema().allows(fact.relation, head_type, entities[fact.tail].type, fact.role):
            names = [
                record.paper.id if k is None else entities[k].name for k in (fact.head, fact.tail)
            ]
            is_right = (fact.head, fact.relation, fact.tail, fact.role) in truth
            yield fact, names, is_right, fact.head not in heads


def _truth(
    record: Record, index: dict[str, int], heads: set[int | None], main_entity: int | None
) -> set[tuple[int | None, str, int | None, str | None]]:
    """Return the annotated facts, with every head that may stand for the paper."""
    truth = set()
    for r in record.relations:
        head = index.get(r.head) if r.head != "PAPER" else None
        truth.add((head, r.type, index.get(r.tail), r.role))
        if r.type == "COMPARED_WITH":
            truth.add((index.get(r.tail), r.type, head, r.role))
        if head in heads:
            truth.add((main_entity, r.type, index.get(r.tail), r.role))
    return truth


if __name__ == "__main__":
    main()
