"""Records and state, in every store."""

from kg.records import Entity, Paper, Record, Relation
from kg.store import open_store
from kg.store.base import Store, StoredRecord


def _record(record_id: str, title: str = "A title") -> Record:
    paper = Paper(id=record_id, title=title, abstract="Orca uses BBH.", year=2023)
    start = paper.text.index("Orca uses")
    return Record(
        id=record_id,
        paper=paper,
        entities=(
            Entity(
                id="e1",
                name="Orca",
                type="Model",
                mentions=("Orca",),
                spans=((start, start + 4),),
            ),
            Entity(
                id="e2",
                name="BBH",
                type="Benchmark",
                mentions=("BBH",),
                spans=((start + 10, start + 13),),
            ),
        ),
        relations=(
            Relation(
                head="e1",
                type="USES",
                tail="e2",
                role="evaluation",
                start=start,
                end=start + 14,
                evidence="Orca uses BBH.",
                confidence=0.5,
                extractor="rules/1",
            ),
        ),
        abbreviations=(("BIG-Bench Hard", "BBH"),),
    )


def _stored(record: Record, fingerprint: str) -> StoredRecord:
    return StoredRecord(record=record, fingerprint=fingerprint)


def test_records_come_back_sorted_by_id(store: Store) -> None:
    records = [_record("b"), _record("a"), _record("10", 'ünï "quoted"\n\\ 🤖'), _record("Z")]
    store.put_records([_stored(record, f"f-{record.id}") for record in records])
    assert list(store.records()) == sorted(records, key=lambda record: record.id)
    assert store.fingerprints() == {"10": "f-10", "Z": "f-Z", "a": "f-a", "b": "f-b"}


def test_records_are_replaced_by_id(store: Store) -> None:
    store.put_records([_stored(_record("a"), "1"), _stored(_record("b"), "1")])
    store.put_records([_stored(_record("a", "Another"), "2")])
    assert [record.paper.title for record in store.records()] == ["Another", "A title"]
    assert store.fingerprints() == {"a": "2", "b": "1"}


def test_records_are_deleted_by_id(store: Store) -> None:
    store.put_records([_stored(_record(name), "1") for name in "abc"])
    store.delete_records(["a", "c", "unknown"])
    assert [record.id for record in store.records()] == ["b"]


def test_records_stand_after_reopening(address: str) -> None:
    with open_store(address, mode="write") as store:
        store.put_records([_stored(_record("a"), "1")])
        store.set_state("catalogue", 'ein "Text"\n')
    with open_store(address, mode="write") as store:
        assert list(store.records()) == [_record("a")]
        assert store.get_state("catalogue") == 'ein "Text"\n'


def test_records_do_not_show_in_the_graph(store: Store) -> None:
    store.put_records([_stored(_record("a"), "1")])
    assert list(store.nodes()) == []


def test_state_is_set_replaced_and_forgotten(store: Store) -> None:
    assert store.get_state("thesaurus") is None
    store.set_state("thesaurus", "a")
    store.set_state("thesaurus", "b")
    assert store.get_state("thesaurus") == "b"
    store.set_state("thesaurus", None)
    assert store.get_state("thesaurus") is None
