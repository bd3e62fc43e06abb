"""GEXF 1.2, as Gephi and networkx read it.

Written by hand because networkx writes today's date into it.
"""

from collections.abc import Iterator, Mapping
from typing import IO

from kg.export.content import (
    Content,
    display_name,
    property_types,
    scalar_text,
    xml_attribute,
)
from kg.records import Value

__all__ = ["write_gexf"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
<graph mode="static" defaultedgetype="directed">
"""
_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}


def write_gexf(content: Content, file: IO[bytes]) -> None:
    """Write nodes with `kind`, labelled by name, and edges with `relation`, with properties.

    Lists are JSON texts.
    """
    for line in _lines(content):
        file.write(line.encode("utf-8"))


def _lines(content: Content) -> Iterator[str]:
    yield _HEAD
    nodes = _Columns("node", ({**n.properties, "kind": n.label} for n in content.nodes))
    edges = _Columns("edge", ({**e.properties, "relation": e.type} for e in content.edges))
    yield from nodes.declarations()
    yield from edges.declarations()
    yield "<nodes>\n"
    for node in content.nodes:
        values = nodes.values({**node.properties, "kind": node.label})
        label = xml_attribute(display_name(node))
        yield f"<node id={xml_attribute(node.id)} label={label}>{values}</node>\n"
    yield "</nodes>\n<edges>\n"
    for edge in content.edges:
        ends = f"source={xml_attribute(edge.source)} target={xml_attribute(edge.target)}"
        values = edges.values({**edge.properties, "relation": edge.type})
        label = xml_attribute(edge.type)
        yield f"<edge id={xml_attribute(edge.id)} {ends} label={label}>{values}</edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


class _Columns:
    """The declared attributes of nodes or edges, each under its number."""

    def __init__(self, owner: str, items: Iterator[Mapping[str, Value]]) -> None:
        self._owner = owner
        self._types = property_types(items)
        self._numbers = {name: i for i, name in enumerate(self._types)}

    def declarations(self) -> Iterator[str]:
        yield f'<attributes class="{self._owner}" mode="static">\n'
        for name, kind in self._types.items():
            title = xml_attribute(name)
            yield f'<attribute id="{self._numbers[name]}" title={title} type="{_TYPES[kind]}"/>\n'
        yield "</attributes>\n"

    def values(self, properties: Mapping[str, Value]) -> str:
        found = "".join(
            f'<attvalue for="{self._numbers[name]}" '
            f"value={xml_attribute(scalar_text(properties[name]))}/>"
            for name in sorted(properties)
        )
        return f"<attvalues>{found}</attvalues>"
