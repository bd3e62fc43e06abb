"""The graph in the order in which every format writes it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from kg.records import Edge, Node, Value
from kg.store.base import Store

__all__ = [
    "Content",
    "display_name",
    "property_types",
    "read_content",
    "scalar_text",
    "xml_attribute",
    "xml_text",
]

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RETURN = {"\r": "&#13;"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A whole graph: nodes by label and id, edges by type, ends and id."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def read_content(store: Store) -> Content:
    """Read all that `kg` made of a store's graph into memory, sorted."""
    return Content(
        nodes=tuple(sorted(store.nodes(), key=lambda node: (node.label, node.id))),
        edges=tuple(
            sorted(store.edges(), key=lambda edge: (edge.type, edge.source, edge.target, edge.id))
        ),
    )


def display_name(node: Node) -> str:
    """Return what a person calls the node: its name, a paper's title, a result's text, its id."""
    for key in ("name", "title", "text"):
        value = node.properties.get(key)
        if isinstance(value, str) and value.strip():
            return value
    return node.id


def property_types(
    items: Iterable[Mapping[str, Value]],
) -> dict[str, type[bool] | type[int] | type[float] | type[str]]:
    """Return the names of all properties, sorted, with the type that holds all values of each.

    Whole numbers among others are floats; lists are text, as everything mixed is.
    """
    seen: dict[str, set[type]] = {}
    for properties in items:
        for name, value in properties.items():
            seen.setdefault(name, set()).add(type(value))
    return {name: _common(types) for name, types in sorted(seen.items())}


def scalar_text(value: Value) -> str:
    """Return a value as XML formats write it; a list is its JSON text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return str(value)


def xml_text(text: str) -> str:
    r"""Return a text for the inside of an element; what XML cannot hold is spelled `\u0000`."""
    return escape(_visible(text), _RETURN)


def xml_attribute(text: str) -> str:
    """Return a text as the quoted value of an attribute."""
    return quoteattr(_visible(text))


def _visible(text: str) -> str:
    return "".join(_escaped(text)) if _NO_XML.search(text) else text


def _escaped(text: str) -> Iterator[str]:
    for char in text:
        yield f"\\u{ord(char):04x}" if _NO_XML.match(char) else char


def _common(types: set[type]) -> type[bool] | type[int] | type[float] | type[str]:
    if types == {bool}:
        return bool
    if types == {int}:
        return int
    return float if types <= {int, float} else str
