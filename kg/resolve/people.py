"""Author nodes, and who wrote what at which place of the list."""

from collections import Counter
from collections.abc import Iterable

from kg.identity import normalise_title
from kg.records import Author, Edge, Node
from kg.resolve.graph import edge_id
from kg.resolve.papers import PaperGroup
from kg.schema import Label, RelationType
from kg.text import collapse_spaces

__all__ = ["author_id", "write_authors"]


def author_id(author: Author) -> str | None:
    """Return the key of an author: ORCID or the source's id, else the normalised name.

    >>> author_id(Author(name="Müller, Anna")) == author_id(Author(name="Anna Muller"))
    True
    """
    if author.id is not None:
        return author.id
    last, comma, first = author.name.partition(",")
    name = f"{first} {last}" if comma else author.name
    return normalise_title(name) or collapse_spaces(author.name) or None


def write_authors(groups: Iterable[PaperGroup]) -> tuple[list[Node], list[Edge]]:
    """Return the authors of all papers, and WROTE; positions count from 1."""
    spellings: dict[str, Counter[str]] = {}
    edges: dict[str, Edge] = {}
    for group in groups:
        for position, author in enumerate(group.paper.authors, start=1):
            key = author_id(author)
            if key is None:
                continue
            spellings.setdefault(key, Counter())[collapse_spaces(author.name)] += 1
            edge = Edge(
                id=edge_id(RelationType.WROTE, key, group.id, "metadata"),
                type=RelationType.WROTE,
                source=key,
                source_label=Label.AUTHOR,
                target=group.id,
                target_label=Label.PAPER,
                properties={"position": position, "source": "metadata"},
            )
            edges.setdefault(edge.id, edge)
    nodes = [
        Node(
            id=key,
            label=Label.AUTHOR,
            properties={"name": min(names, key=lambda name: (-names[name], name))},
        )
        for key, names in sorted(spellings.items())
    ]
    return nodes, list(edges.values())
