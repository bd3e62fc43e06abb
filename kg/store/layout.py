"""The graph model in ArcadeDB's terms: a type for each label and relationship, with its indexes."""

from collections.abc import Iterator, Mapping

from kg.schema import Schema, load_schema

__all__ = ["schema_statements"]

_TYPES = {
    "string": "STRING",
    "integer": "LONG",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "strings": "LIST OF STRING",
}


def schema_statements() -> Iterator[str]:
    """Yield the statements that make the schema; all of them can be repeated.

    The extracted labels extend one type, whose unique index on `id` finds a node of each.
    """
    schema = load_schema()
    yield from _vertex_type(schema.entity_label, None)
    yield from _unique(schema.entity_label)
    for label in schema.properties:
        anchor = schema.anchor(label)
        yield from _vertex_type(label, None if anchor == label else anchor)
        if anchor == label:
            yield from _unique(label)
    yield from _indexes(schema)
    for name in schema.relationships:
        yield f"CREATE EDGE TYPE {name} IF NOT EXISTS"
        yield from _unique(name)


def _vertex_type(name: str, parent: str | None) -> Iterator[str]:
    extends = f" EXTENDS {parent}" if parent else ""
    yield f"CREATE VERTEX TYPE {name} IF NOT EXISTS{extends}"


def _unique(name: str) -> Iterator[str]:
    yield f"CREATE PROPERTY {name}.id IF NOT EXISTS STRING"
    yield f"CREATE INDEX IF NOT EXISTS ON {name} (id) UNIQUE"


def _indexes(schema: Schema) -> Iterator[str]:
    """Index what names are looked up by, on the type that declares the property for all."""
    done: set[tuple[str, str]] = set()
    for label, names in schema.indexed.items():
        for name in names:
            key = (schema.anchor(label), name)
            if key not in done:
                done.add(key)
                kind = _kind(schema.properties[label], name)
                yield f"CREATE PROPERTY {key[0]}.{name} IF NOT EXISTS {kind}"
                yield f"CREATE INDEX IF NOT EXISTS ON {key[0]} ({name}) NOTUNIQUE"


def _kind(properties: Mapping[str, str], name: str) -> str:
    return _TYPES[properties[name]]
