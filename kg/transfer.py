"""Papers, decisions and graph of one store brought into another, as a build would bring them.

A paper whose record the other store holds under the same id is replaced where it differs, as a
changed paper is by a build; records of one paper under two ids are joined by the resolver. Papers
that only the other store has stay. Of two decisions that contradict each other the one that is
there stays (`kg.decisions`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kg.decisions import Arrival, join_catalogues, join_thesauri
from kg.errors import InputError
from kg.pipeline import BATCH_SIZE, BuildReport, apply_knowledge, remember
from kg.store import open_store
from kg.store.base import CATALOGUE, THESAURUS, Store, StoredRecord
from kg.store.record_file import decode_record
from kg.thesaurus import parse_thesaurus, render_thesaurus

__all__ = ["TransferReport", "transfer", "transfer_between"]


@dataclass(slots=True, kw_only=True)
class TransferReport:
    """What a transfer did, as a build says it; the ids it replaced; what became of decisions."""

    build: BuildReport = field(default_factory=BuildReport)
    replaced: list[str] = field(default_factory=list)
    decisions: Arrival = field(default_factory=Arrival)


def transfer_between(
    source: str, target: str, *, progress: Callable[[int], None] | None = None
) -> TransferReport:
    """Bring what the store at one address holds into the one at another, which may be new.

    Raises
    ------
    InputError
        Both addresses are the same.
    StoreError
        One of the stores is not there, locked, damaged, or cannot be written to.
    """
    if source == target or Path(source).resolve() == Path(target).resolve():
        message = f"{target}: a store cannot be moved into itself; name another one"
        raise InputError(message)
    with open_store(source, mode="read") as giving, open_store(target, mode="write") as taking:
        return transfer(giving, taking, progress=progress)


def transfer(
    source: Store, target: Store, *, progress: Callable[[int], None] | None = None
) -> TransferReport:
    """Bring what one store holds into another that is open for writing; again changes nothing.

    Whole papers go into a transaction, and a killed run is run again. The graph of `target` is
    resolved anew from all papers: that of `source` is not read.
    """
    report = TransferReport()
    _join_decisions(source, target, report.decisions)
    fresh = _fresh(source, target.fingerprints(), report)
    while batch := list(islice(fresh, BATCH_SIZE)):
        target.put_records(batch)
        if progress is not None:
            progress(len(batch))
    apply_knowledge(target, report.build)
    return report


def _join_decisions(source: Store, target: Store, arrival: Arrival) -> None:
    before = target.get_state(CATALOGUE) or ""
    catalogue = join_catalogues(before, source.get_state(CATALOGUE) or "", arrival)
    known = parse_thesaurus(target.get_state(THESAURUS) or "")
    coming = parse_thesaurus(source.get_state(THESAURUS) or "")
    thesaurus = join_thesauri(known, coming, arrival)
    remember(
        target,
        catalogue=catalogue if catalogue != before else None,
        thesaurus=render_thesaurus(thesaurus) if thesaurus != known else None,
    )


def _fresh(
    source: Store, known: Mapping[str, str], report: TransferReport
) -> Iterator[StoredRecord]:
    """Yield the records that the other store has not, each with its fingerprint; count all."""
    for packed in source.packed_records():
        before = known.get(packed.id)
        if before == packed.fingerprint:
            report.build.unchanged += 1
            continue
        if before is None:
            report.build.new += 1
        else:
            report.build.changed += 1
            report.replaced.append(packed.id)
        record = decode_record(packed.body, packed.id)
        yield StoredRecord(record=record, fingerprint=packed.fingerprint)
