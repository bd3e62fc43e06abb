"""The records of a Neo4j store: a node each, with its compressed JSON.

What `kg` writes is bytes; an offline import takes no bytes and brings them as Base64 text.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence

from kg.store.base import PackedRecord, StoredRecord
from kg.store.neo4j_connection import Connection
from kg.store.record_file import encode_record

__all__ = ["delete_records", "packed_records", "put_records", "stored_fingerprints"]


def stored_fingerprints(connection: Connection) -> dict[str, str]:
    """Return the fingerprint of every record, by record id."""
    rows = connection.scan(
        "MATCH (r:KgRecord) RETURN r.id AS id, r.fingerprint AS fingerprint ORDER BY id"
    )
    return {row["id"]: row["fingerprint"] for row in rows}


def put_records(connection: Connection, batch: Sequence[StoredRecord]) -> None:
    """Store records in one transaction."""
    rows = [
        {
            "id": item.record.id,
            "fingerprint": item.fingerprint,
            "body": encode_record(item.record),
        }
        for item in batch
    ]
    connection.write(
        "UNWIND $rows AS row MERGE (r:KgRecord {id: row.id}) "
        "SET r.fingerprint = row.fingerprint, r.body = row.body",
        {"rows": rows},
    )


def delete_records(connection: Connection, ids: Iterable[str]) -> None:
    """Delete records in one transaction."""
    connection.write("UNWIND $ids AS id MATCH (r:KgRecord {id: id}) DELETE r", {"ids": list(ids)})


def packed_records(connection: Connection) -> Iterator[PackedRecord]:
    """Yield all records as they are kept, sorted by id."""
    for row in connection.scan(
        "MATCH (r:KgRecord) "
        "RETURN r.id AS id, r.fingerprint AS fingerprint, r.body AS body ORDER BY id"
    ):
        body = row["body"]
        yield PackedRecord(
            id=row["id"],
            fingerprint=row["fingerprint"],
            body=base64.b64decode(body) if isinstance(body, str) else bytes(body),
        )
