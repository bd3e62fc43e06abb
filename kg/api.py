"""The Python interface: `kg.read`, `kg.extract`, `kg.build`, `kg.open_graph`."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kg.catalogue import read_catalogue_text
from kg.extract import load_extractor
from kg.read import read as read_files
from kg.records import Edge, Node, Paper, Record, Rejected
from kg.store import open_store
from kg.store.base import Store

if TYPE_CHECKING:
    import networkx

    from kg.pipeline import BuildReport
    from kg.query.ask import Answer
    from kg.query.narrowing import Narrowing
    from kg.query.show import Profile
    from kg.transfer import TransferReport

__all__ = ["KnowledgeGraph", "build", "extract", "open_graph", "read", "sample_papers"]

DEFAULT_STORE = "papers.kg"

_log = logging.getLogger(__name__)


def read(*paths: str | Path, input_format: str | None = None) -> Iterator[Paper | Record]:
    """Yield the papers (or records) of files; rejected ones are logged as one warning.

    Raises
    ------
    InputError
        A file cannot be read, or its format is unknown.
    """
    rejected: Counter[str] = Counter()
    for item in read_files(paths, input_format=input_format):
        if isinstance(item, Rejected):
            rejected[item.reason] += 1
        else:
            yield item
    if rejected:
        counts = ", ".join(f"{n} {reason}" for reason, n in sorted(rejected.items()))
        _log.warning("%d records rejected: %s", rejected.total(), counts)


def extract(papers: Iterable[Paper], *, rules_only: bool = False) -> Iterator[Record]:
    """Yield the record of each paper, in order; `rules_only` leaves the trained model out."""
    return load_extractor(model=False if rules_only else None).extract(papers)


def build(
    *sources: str | Path | Iterable[Paper | Record],
    store: str | Path = DEFAULT_STORE,
    catalogue: str | Path | None = None,
    rules_only: bool = False,
    prune: bool = False,
) -> "BuildReport":
    """Build or update a graph from files, papers or records, and report what was done.

    A second build of the same sources changes nothing. `catalogue` is a file of known names of
    your own, `prune` removes the papers that are not among the sources.

    Raises
    ------
    KgError
        A source cannot be read, or the store is locked or not reachable.
    """
    from kg.pipeline import build as build_store
    from kg.pipeline import remember

    with open_store(str(store), mode="write") as opened:
        if catalogue is not None:
            remember(opened, catalogue=read_catalogue_text(Path(catalogue)))
        return build_store(
            opened,
            _items(sources),
            extractor=load_extractor(model=False if rules_only else None),
            prune=prune,
        )


def open_graph(store: str | Path = DEFAULT_STORE) -> "KnowledgeGraph":
    """Open a graph for reading; use it in a `with` block, or call `close`.

    Raises
    ------
    StoreError
        There is no graph at the address, or it is being written to.
    """
    return KnowledgeGraph(open_store(str(store), mode="read"))


def sample_papers() -> Path:
    """Return the file of sample papers that comes with the package."""
    return Path(__file__).resolve().parent / "samples" / "papers.jsonl"


class KnowledgeGraph:
    """An open graph: `query` for Cypher, `ask` for English, `show` for one name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Self:
        """Return the graph itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close the store; a second call does nothing."""
        self._store.close()

    def query(self, cypher: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run read-only Cypher and return a dictionary for each row.

        Raises
        ------
        QueryError
            The Cypher is wrong, or would write.
        """
        table = self._store.query(cypher, parameters)
        return [dict(zip(table.columns, row, strict=True)) for row in table.rows]

    def ask(
        self, question: str, *, narrowing: "Narrowing | None" = None, direct: bool = False
    ) -> "Answer":
        """Answer a question in English (see `kg.query.ask`)."""
        from kg.query.ask import ask as ask_store

        return ask_store(self._store, question, narrowing=narrowing, direct=direct)

    def show(self, name: str) -> "list[Profile]":
        """Return all facts about what a name means."""
        from kg.query.show import show as show_store

        return show_store(self._store, name)

    def nodes(self) -> Iterator[Node]:
        """Yield all nodes."""
        return self._store.nodes()

    def edges(self) -> Iterator[Edge]:
        """Yield all relationships."""
        return self._store.edges()

    def push(self, target: str | Path) -> "TransferReport":
        """Bring this graph into another store, as `kg push` does (see `kg.transfer`).

        A graph opened at a server's address and pushed into a folder is what `kg pull` does.
        """
        from kg.transfer import transfer

        with open_store(str(target), mode="write") as opened:
            return transfer(self._store, opened)

    def to_networkx(self) -> "networkx.MultiDiGraph[str]":
        """Return the graph in memory: nodes with `label`, edges keyed by id with `type`."""
        import networkx

        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for node in self.nodes():
            graph.add_node(node.id, label=node.label, **node.properties)
        for edge in self.edges():
            graph.add_edge(edge.source, edge.target, key=edge.id, type=edge.type, **edge.properties)
        return graph


def _items(
    sources: Iterable[str | Path | Iterable[Paper | Record]],
) -> Iterator[Paper | Record | Rejected]:
    for source in sources:
        if isinstance(source, str | Path):
            yield from read_files([source])
        else:
            yield from source
