"""Records and papers as JSON objects, and back: `schemas/record.schema.json` says how they look.

One record always gives the same bytes: keys in a fixed order, what is unknown or empty left out.
`record_from_json` also takes a flat object, in which the paper's fields stand beside `entities`
(an annotation joined with its text), and fills in the spans and the evidence that are missing.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from kg import json_fields as field
from kg.annotations import TextIndex, fill_spans
from kg.records import (
    PAPER,
    Author,
    Entity,
    Paper,
    Reason,
    Record,
    Reference,
    Relation,
    Result,
)
from kg.records_checks import RecordError, check_ends, check_places, complaint
from kg.schema import RelationType, Role, load_schema

__all__ = [
    "RecordError",
    "paper_from_json",
    "paper_to_json",
    "record_from_json",
    "record_to_json",
    "to_line",
]

_NOT_READ = frozenset({RelationType.MENTIONS, RelationType.REPORTS})
"""Stated relationships that the resolver derives from entities and results."""

_ROLES = frozenset(str(role) for role in Role)


# ---- writing ---------------------------------------------------------------------------------


def to_line(obj: Mapping[str, Any]) -> str:
    """Return a JSON object on one line, without the line end; characters stand as they are."""
    return json.dumps(obj, ensure_ascii=False, allow_nan=False)


def record_to_json(record: Record) -> dict[str, Any]:
    """Return a record as an object that `score.py`, `kg build` and the store read."""
    obj: dict[str, Any] = {
        "id": record.id,
        "paper": paper_to_json(record.paper),
        "entities": [_entity_to_json(entity) for entity in record.entities],
        "relations": [_relation_to_json(relation) for relation in record.relations],
        "results": [_result_to_json(result) for result in record.results],
    }
    if record.abbreviations:
        obj["abbreviations"] = [list(pair) for pair in record.abbreviations]
    return obj


def paper_to_json(paper: Paper) -> dict[str, Any]:
    """Return a paper as an object; authors and references are strings where that says it all."""
    obj: dict[str, Any] = {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "year": paper.year,
        "date": paper.date,
        "venue": paper.venue,
        "authors": [
            a.name if a.id is None else {"name": a.name, "id": a.id} for a in paper.authors
        ],
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
        "url": paper.url,
        "keywords": list(paper.keywords),
        "topics": list(paper.topics),
        "code": list(paper.code),
        "references": [
            r.id if r.title is None else {"id": r.id, "title": r.title} for r in paper.references
        ],
        "source_ids": list(paper.source_ids),
        "withdrawn": paper.withdrawn or None,
    }
    return {key: x for key, x in obj.items() if (x is not None and x != []) or key == "abstract"}


def _known(obj: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in obj.items() if value is not None}


def _entity_to_json(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "name": entity.name,
        "type": str(entity.type),
        "mentions": list(entity.mentions),
        "spans": [list(span) for span in entity.spans],
    }


def _evidence_to_json(fact: Relation | Result) -> dict[str, Any]:
    known = _known({"start": fact.start, "end": fact.end, "evidence": fact.evidence})
    return known | {"confidence": fact.confidence, "extractor": fact.extractor}


def _relation_to_json(relation: Relation) -> dict[str, Any]:
    ends = {
        "head": relation.head,
        "type": str(relation.type),
        "role": None if relation.role is None else str(relation.role),
        "tail": relation.tail,
        "margin": relation.margin,
    }
    return _known(ends) | _evidence_to_json(relation)


def _result_to_json(result: Result) -> dict[str, Any]:
    said = {"system": result.system, "benchmark": result.benchmark, "metric": result.metric}
    value = {"value": result.value, "unit": result.unit, "setting": result.setting}
    return said | _known(value) | _evidence_to_json(result)


# ---- reading ---------------------------------------------------------------------------------


def record_from_json(obj: object, where: str) -> Record:
    """Return the record that `obj` is; `where` is named in the error.

    Raises
    ------
    RecordError
        The schema does not allow `obj`, a relation's end is no entity, or a span is no mention.
    """
    data = _nested(obj, where)
    try:
        paper = _paper({"id": data["id"], **_object(data["paper"])})
        record = Record(
            id=field.word(data["id"]),
            paper=paper,
            entities=fill_spans(paper.text, field.items(data["entities"], _entity)),
            relations=field.items(data["relations"], _relation),
            results=field.items(data["results"], _result),
            abbreviations=field.items(data.get("abbreviations", []), _abbreviation),
        )
    except (field.ShapeError, KeyError) as err:
        raise RecordError(Reason.BAD_FIELD, where, complaint(data, err)) from err
    check_ends(record, where)
    check_places(record, where)
    return _with_evidence(record)


def paper_from_json(obj: object, where: str) -> Paper:
    """Return the paper that `paper_to_json` wrote.

    Raises
    ------
    RecordError
        The schema does not allow `obj`.
    """
    try:
        return _paper(_object(obj))
    except (field.ShapeError, KeyError) as err:
        data = {"id": "-", "paper": obj, "entities": [], "relations": [], "results": []}
        raise RecordError(Reason.BAD_FIELD, where, complaint(data, err)) from err


def _nested(obj: object, where: str) -> dict[str, Any]:
    if not isinstance(obj, dict):
        raise RecordError(Reason.MALFORMED, where, f"a record is an object, not {obj!r:.80}")
    if "paper" not in obj:
        if "title" not in obj or "abstract" not in obj:
            detail = "annotations without their text: join them with the title and abstract"
            raise RecordError(Reason.NO_TITLE, where, f"{detail} of {obj.get('id')!r:.80}")
        names = Paper.__dataclass_fields__
        obj = {**obj, "paper": {key: obj[key] for key in names if obj.get(key) is not None}}
    return {"relations": [], "results": [], **obj}


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise field.ShapeError(f"{value!r} is no object")
    return value


def _paper(obj: dict[str, Any]) -> Paper:
    get = field.optional
    return Paper(
        id=field.word(obj["id"]),
        title=field.word(obj["title"]),
        abstract=field.text(obj["abstract"]),
        year=get(obj, "year", field.year),
        date=get(obj, "date", field.date),
        venue=get(obj, "venue", field.word),
        authors=field.items(obj.get("authors", []), _author),
        arxiv_id=get(obj, "arxiv_id", field.word),
        doi=get(obj, "doi", field.word),
        url=get(obj, "url", field.word),
        keywords=field.strings(obj.get("keywords", [])),
        topics=field.strings(obj.get("topics", [])),
        code=field.strings(obj.get("code", [])),
        references=field.items(obj.get("references", []), _reference),
        source_ids=field.strings(obj.get("source_ids", [])),
        withdrawn=field.boolean(obj.get("withdrawn", False)),
    )


def _author(value: object) -> Author:
    if isinstance(value, str):
        return Author(name=field.word(value))
    obj = _object(value)
    return Author(name=field.word(obj["name"]), id=field.optional(obj, "id", field.word))


def _reference(value: object) -> Reference:
    if isinstance(value, str):
        return Reference(id=field.word(value))
    obj = _object(value)
    return Reference(id=field.word(obj["id"]), title=field.optional(obj, "title", field.word))


@cache
def _entity_types() -> frozenset[str]:
    return frozenset(load_schema().kinds)


@cache
def _relation_types() -> frozenset[str]:
    rules = load_schema().relationships
    return frozenset(name for name, rule in rules.items() if rule.stated) - _NOT_READ


def _entity(value: object) -> Entity:
    obj = _object(value)
    mentions = field.strings(obj["mentions"])
    if not mentions or obj["id"] == PAPER:
        raise field.ShapeError(f"{obj['id']!r} has no mention, or the id of the paper")
    return Entity(
        id=field.word(obj["id"]),
        name=field.word(obj["name"]),
        type=field.one_of(obj["type"], _entity_types()),
        mentions=mentions,
        spans=field.items(obj.get("spans", []), lambda span: field.pair(span, field.offset)),
    )


def _relation(value: object) -> Relation:
    obj, get = _object(value), field.optional
    return Relation(
        head=field.word(obj["head"]),
        type=field.one_of(obj["type"], _relation_types()),
        tail=field.word(obj["tail"]),
        role=get(obj, "role", lambda role: field.one_of(role, _ROLES)),
        margin=get(obj, "margin", field.text),
        start=get(obj, "start", field.offset),
        end=get(obj, "end", field.offset),
        evidence=get(obj, "evidence", field.text),
        confidence=field.fraction(obj.get("confidence", 1.0)),
        extractor=field.word(obj.get("extractor", "input")),
    )


def _result(value: object) -> Result:
    obj, get = _object(value), field.optional
    return Result(
        system=field.word(obj["system"]),
        benchmark=get(obj, "benchmark", field.word),
        metric=get(obj, "metric", field.word),
        value=field.word(obj["value"]),
        unit=get(obj, "unit", field.text),
        setting=get(obj, "setting", field.text),
        start=get(obj, "start", field.offset),
        end=get(obj, "end", field.offset),
        evidence=get(obj, "evidence", field.text),
        confidence=field.fraction(obj.get("confidence", 1.0)),
        extractor=field.word(obj.get("extractor", "input")),
    )


def _abbreviation(value: object) -> tuple[str, str]:
    return field.pair(value, field.word)


def _with_evidence(record: Record) -> Record:
    facts: list[Relation | Result] = [*record.relations, *record.results]
    if all(f.start is not None and f.end is not None and f.evidence is not None for f in facts):
        return record
    index = TextIndex(record.paper.text, len(record.paper.title), record.entities)
    return replace(
        record,
        relations=tuple([index.with_evidence(relation) for relation in record.relations]),
        results=tuple([index.with_evidence(result) for result in record.results]),
    )
