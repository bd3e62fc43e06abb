"""GraphML, as networkx, yEd, Gephi and igraph read it.

Written by hand because networkx builds the whole document in memory, several times the graph.
"""

from collections.abc import Iterator, Mapping
from typing import IO

from kg.export.content import Content, property_types, scalar_text, xml_attribute, xml_text
from kg.records import Value

__all__ = ["write_graphml"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_TYPES = {bool: "boolean", int: "long", float: "double", str: "string"}


def write_graphml(content: Content, file: IO[bytes]) -> None:
    """Write nodes with `label` and edges with `type`, each with its properties.

    Lists are JSON texts.
    """
    for line in _lines(content):
        file.write(line.encode("utf-8"))


def _lines(content: Content) -> Iterator[str]:
    yield _HEAD
    nodes = _Keys("n", "node", ({**n.properties, "label": n.label} for n in content.nodes))
    edges = _Keys("e", "edge", ({**e.properties, "type": e.type} for e in content.edges))
    yield from nodes.declarations()
    yield from edges.declarations()
    yield '<graph edgedefault="directed">\n'
    for node in content.nodes:
        data = nodes.data({**node.properties, "label": node.label})
        yield f"<node id={xml_attribute(node.id)}>{data}</node>\n"
    for edge in content.edges:
        ends = f"source={xml_attribute(edge.source)} target={xml_attribute(edge.target)}"
        data = edges.data({**edge.properties, "type": edge.type})
        yield f"<edge id={xml_attribute(edge.id)} {ends}>{data}</edge>\n"
    yield "</graph>\n</graphml>\n"


class _Keys:
    """The declared properties of nodes or edges, each under a short key."""

    def __init__(self, prefix: str, owner: str, items: Iterator[Mapping[str, Value]]) -> None:
        self._owner = owner
        self._types = property_types(items)
        self._keys = {name: f"{prefix}{i}" for i, name in enumerate(self._types)}

    def declarations(self) -> Iterator[str]:
        for name, kind in self._types.items():
            yield (
                f'<key id="{self._keys[name]}" for="{self._owner}" '
                f'attr.name={xml_attribute(name)} attr.type="{_TYPES[kind]}"/>\n'
            )

    def data(self, properties: Mapping[str, Value]) -> str:
        return "".join(
            f'<data key="{self._keys[name]}">{xml_text(scalar_text(properties[name]))}</data>'
            for name in sorted(properties)
        )
