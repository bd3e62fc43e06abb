"""The three steps of a build, over any store.

1. New and changed papers are extracted and their records stored, whole papers a transaction; from
   here a killed run resumes.
2. The names of all records are resolved into a graph.
3. The difference to the stored graph is applied in batches that can be repeated.

Steps 2 and 3 are left out where nothing that they depend on has changed.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from kg.catalogue import Catalogue, load_catalogue
from kg.changes import difference
from kg.errors import InputError
from kg.extract import Extractor
from kg.records import Paper, Record, Rejected
from kg.records_json import paper_to_json, record_to_json
from kg.resolve.resolver import RESOLVER_VERSION, resolve
from kg.store.base import APPLIED, CATALOGUE, THESAURUS, Changes, Store, StoredRecord
from kg.thesaurus import Thesaurus, parse_thesaurus

__all__ = [
    "BuildReport",
    "apply_knowledge",
    "build",
    "fingerprint",
    "remember",
    "remembered",
]

BATCH_SIZE = 64
"""Papers a transaction: what a killed run has to read again at most."""

Progress = Callable[[int], None]


@dataclass(slots=True, kw_only=True)
class BuildReport:
    """What a build did: papers by what became of them, and what was written to the graph."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    nodes: int = 0
    edges: int = 0
    written: int = 0
    deleted: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def papers(self) -> int:
        """Return how many papers were read and not rejected."""
        return self.new + self.changed + self.unchanged

    @property
    def rejected_by_reason(self) -> Mapping[str, int]:
        """Return how many records were rejected, by reason."""
        return Counter(str(item.reason) for item in self.rejected)


def build(
    store: Store,
    inputs: Iterable[Paper | Record | Rejected],
    *,
    extractor: Extractor,
    prune: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Bring the store to what the papers say; papers that are not among the inputs stay.

    With `prune` the inputs are all there is: papers of the store that are not among them are
    removed with their facts.

    Raises
    ------
    InputError
        `prune` is asked for, and the inputs hold no paper at all.
    """
    report = BuildReport()
    known = store.fingerprints()
    seen: set[str] = set()
    fresh = _fresh(inputs, known, extractor, report, seen)
    for batch in _batches(fresh, BATCH_SIZE):
        store.put_records(_extracted(batch, extractor))
        if progress is not None:
            progress(len(batch))
    if prune:
        _prune(store, known.keys() - seen, seen, report)
    apply_knowledge(store, report)
    return report


def remember(store: Store, *, catalogue: str | None = None, thesaurus: str | None = None) -> None:
    """Keep the user's catalogue and thesaurus texts in the store, for this and later builds."""
    if catalogue is not None:
        store.set_state(CATALOGUE, catalogue)
    if thesaurus is not None:
        store.set_state(THESAURUS, thesaurus)


def fingerprint(item: Paper | Record, extractor: Extractor) -> str:
    """Return a hash of all that a paper's record depends on."""
    if isinstance(item, Record):
        basis: object = record_to_json(item)
    else:
        options = dict(extractor.options)
        basis = [paper_to_json(item), extractor.name, extractor.version, options]
    return _digest(basis)


def apply_knowledge(store: Store, report: BuildReport) -> None:
    """Run steps 2 and 3, or leave them out where the graph already stands for its inputs."""
    catalogue, thesaurus = remembered(store)
    basis = _digest(
        [
            RESOLVER_VERSION,
            catalogue.digest,
            store.get_state(THESAURUS),
            sorted(store.fingerprints().items()),
        ]
    )
    if store.get_state(APPLIED) == basis:
        return
    graph = resolve(store.records, catalogue, thesaurus)
    changes = difference(store, graph)
    store.set_state(APPLIED, None)
    store.apply(changes)
    store.set_state(APPLIED, basis)
    report.nodes, report.edges = len(graph.nodes), len(graph.edges)
    report.written, report.deleted = _sizes(changes)
    report.dropped = graph.dropped


def remembered(store: Store) -> tuple[Catalogue, Thesaurus]:
    """Return the catalogue and the thesaurus that a store remembers."""
    catalogue = load_catalogue(text=store.get_state(CATALOGUE))
    return catalogue, parse_thesaurus(store.get_state(THESAURUS) or "")


def _fresh(
    inputs: Iterable[Paper | Record | Rejected],
    known: Mapping[str, str],
    extractor: Extractor,
    report: BuildReport,
    seen: set[str],
) -> Iterator[tuple[Paper | Record, str]]:
    """Yield what has to be read again, each with its fingerprint; count the rest."""
    for item in inputs:
        if isinstance(item, Rejected):
            report.rejected.append(item)
            continue
        mark = fingerprint(item, extractor)
        before = known.get(item.id)
        seen.add(item.id)
        if before == mark:
            report.unchanged += 1
            continue
        if before is None:
            report.new += 1
        else:
            report.changed += 1
        yield item, mark


def _extracted(batch: list[tuple[Paper | Record, str]], extractor: Extractor) -> list[StoredRecord]:
    papers = [item for item, _ in batch if isinstance(item, Paper)]
    records = iter(list(extractor.extract(papers))) if papers else iter(())
    return [
        StoredRecord(record=item if isinstance(item, Record) else next(records), fingerprint=mark)
        for item, mark in batch
    ]


def _prune(store: Store, surplus: Iterable[str], seen: set[str], report: BuildReport) -> None:
    if not seen:
        message = "--prune: the inputs hold no paper; the graph would be emptied; nothing is done"
        raise InputError(message)
    gone = sorted(surplus)
    store.delete_records(gone)
    report.removed = len(gone)


def _sizes(changes: Changes) -> tuple[int, int]:
    written = len(changes.nodes_upsert) + len(changes.edges_upsert)
    return written, len(changes.nodes_delete) + len(changes.edges_delete)


def _batches(
    items: Iterable[tuple[Paper | Record, str]], size: int
) -> Iterator[list[tuple[Paper | Record, str]]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _digest(basis: object) -> str:
    text = json.dumps(basis, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
