"""From a store to a file that a browser opens."""

from pathlib import Path

from kg.files import save_text
from kg.query.narrowing import Narrowing
from kg.store.base import Store
from kg.view.page import render_graph
from kg.view.select import Part, narrow

__all__ = ["render_store", "write_page"]


def write_page(store: Store, path: Path) -> None:
    """Write the whole graph of a store as one HTML page.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    save_text(render_store(store), path)


def render_store(
    store: Store,
    *,
    focus: str | None = None,
    depth: int = 1,
    narrowing: Narrowing | None = None,
) -> str:
    """Return the page of a store's graph, or of what lies around `focus`.

    Raises
    ------
    InputError
        No node is called `focus`.
    """
    part = Part(nodes=tuple(store.nodes()), edges=tuple(store.edges()))
    if narrowing is not None:
        part = narrow(part, narrowing)
    return render_graph(part.nodes, part.edges, focus=focus, depth=depth)
