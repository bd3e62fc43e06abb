"""JSON-LD: schema.org for papers and people, CiTO for citations, SKOS for names and families.

What none of these has a term for is under `kg:`. A relationship is a triple (`kg:uses`,
`skos:broader`), and a node of its own (`rdf:Statement`, for citations `cito:Citation`) that carries
its properties: paper, sentence, confidence, source. Only references of a paper's metadata are
`cito:cites`; other kinds of citation are told by `kg:kind` of their node alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import IO, Any
from urllib.parse import quote

from kg.export.content import Content
from kg.records import Edge, Node, Value
from kg.schema import CitationKind, Label, RelationType, load_schema

__all__ = ["write_jsonld"]

_CONTEXT = {
    "cito": "http://purl.org/spar/cito/",
    "kg": "urn:kg:term:",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_NAME_TERMS = {"name": "skos:prefLabel", "aliases": "skos:altLabel"}
_TERMS: Mapping[str, Mapping[str, str]] = {
    Label.PAPER: {
        "title": "schema:name",
        "abstract": "schema:abstract",
        "date": "schema:datePublished",
        "keywords": "schema:keywords",
        "url": "schema:url",
    },
    Label.AUTHOR: {"name": "schema:name"},
    Label.RESULT: {"value": "schema:value", "unit": "schema:unitText"},
    Label.TOPIC: _NAME_TERMS,
}
_TYPES: Mapping[str, str] = {
    Label.PAPER: "schema:ScholarlyArticle",
    Label.AUTHOR: "schema:Person",
    Label.RESULT: "schema:PropertyValue",
}
_PREDICATES: Mapping[str, str] = {
    RelationType.IS_A: "skos:broader",
    RelationType.BROADER: "skos:broader",
    RelationType.ABOUT: "schema:about",
    RelationType.MENTIONS: "schema:mentions",
    RelationType.CITES: "cito:cites",
    RelationType.WROTE: "schema:author",
}
_REVERSED = frozenset({RelationType.WROTE})

Thing = dict[str, Any]


def write_jsonld(content: Content, file: IO[bytes]) -> None:
    """Write one JSON-LD document, a node a line; its context is inside."""
    context = json.dumps(_CONTEXT, sort_keys=True)
    file.write(f'{{"@context": {context},\n"@graph": [\n'.encode())
    separator = b""
    for thing in _things(content):
        text = json.dumps(thing, ensure_ascii=False, sort_keys=True)
        file.write(separator + text.encode("utf-8", "replace"))
        separator = b",\n"
    file.write(b"\n]}\n")


def _things(content: Content) -> Iterator[Thing]:
    names = {(_anchor(node.label), node.id): _iri(node) for node in content.nodes}
    triples: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    statements = []
    for edge in content.edges:
        subject, predicate, value = _triple(edge, names)
        statements.append((edge, subject, predicate, value))
        kind = edge.properties.get("kind")
        if edge.type != RelationType.CITES or kind == CitationKind.REFERENCE:
            triples[subject][predicate].add(value)
    yield from _schemes()
    for node in content.nodes:
        iri = names[_anchor(node.label), node.id]
        links = {key: _links(values) for key, values in triples[iri].items()}
        yield {"@id": iri, **_described(node), **links}
    for edge, *triple in statements:
        yield _statement(edge, triple, names)


def _schemes() -> Iterator[Thing]:
    for name in sorted({*load_schema().kinds.values(), Label.TOPIC.lower()}):
        yield {"@id": _scheme(name), "@type": "skos:ConceptScheme", "skos:prefLabel": str(name)}


def _described(node: Node) -> Thing:
    kinds = load_schema().kinds
    is_concept = node.label in kinds or node.label == Label.TOPIC
    terms = _NAME_TERMS if is_concept else _TERMS.get(node.label, {})
    thing: Thing = {
        "@type": ["skos:Concept" if is_concept else _TYPES[node.label], f"kg:{node.label}"],
        **_properties(node.properties, terms),
    }
    if is_concept:
        thing["skos:inScheme"] = {"@id": _scheme(kinds.get(node.label, node.label.lower()))}
    year = node.properties.get("year")
    if node.label == Label.PAPER and year is not None:
        thing.setdefault("schema:datePublished", str(year))
    return thing


def _properties(properties: Mapping[str, Value], terms: Mapping[str, str]) -> Thing:
    return {
        terms.get(name, f"kg:{_quoted(name)}"): list(value) if isinstance(value, tuple) else value
        for name, value in properties.items()
    }


def _triple(edge: Edge, names: Mapping[tuple[str, str], str]) -> tuple[str, str, str]:
    source = names[_anchor(edge.source_label), edge.source]
    target = names[_anchor(edge.target_label), edge.target]
    predicate = _PREDICATES.get(edge.type) or f"kg:{_camel(edge.type)}"
    if edge.type in _REVERSED:
        return target, predicate, source
    return source, predicate, target


def _statement(edge: Edge, triple: list[str], names: Mapping[tuple[str, str], str]) -> Thing:
    subject, predicate, value = triple
    properties = dict(edge.properties)
    paper = names.get((Label.PAPER, str(properties.get("paper"))))
    thing: Thing = {"@id": f"urn:kg:relationship:{_quoted(edge.id)}"}
    if edge.type == RelationType.CITES:
        thing |= {
            "@type": "cito:Citation",
            "cito:hasCitingEntity": {"@id": subject},
            "cito:hasCitedEntity": {"@id": value},
        }
    else:
        thing |= {
            "@type": "rdf:Statement",
            "rdf:subject": {"@id": subject},
            "rdf:predicate": {"@id": predicate},
            "rdf:object": {"@id": value},
        }
    if paper is not None:
        thing["kg:paper"] = {"@id": paper}
        del properties["paper"]
    return thing | _properties(properties, {})


def _iri(node: Node) -> str:
    arxiv_id, doi = node.properties.get("arxiv_id"), node.properties.get("doi")
    if node.label == Label.PAPER and isinstance(arxiv_id, str):
        return f"https://arxiv.org/abs/{_quoted(arxiv_id)}"
    if node.label == Label.PAPER and isinstance(doi, str):
        return f"https://doi.org/{_quoted(doi)}"
    return f"urn:kg:{_anchor(node.label).lower()}:{_quoted(node.id)}"


def _quoted(text: str) -> str:
    return quote(text, safe=":/", errors="replace")


def _anchor(label: str) -> str:
    return load_schema().anchor(label)


def _scheme(name: str) -> str:
    return f"urn:kg:scheme:{name}"


def _camel(relation: str) -> str:
    first, *rest = relation.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def _links(iris: set[str]) -> list[Thing]:
    return [{"@id": iri} for iri in sorted(iris)]
