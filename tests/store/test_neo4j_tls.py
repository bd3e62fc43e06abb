"""The forms of a server's address: routed, and over TLS."""

import pytest

from kg.errors import StoreUnavailableError
from kg.records import Node
from kg.store import open_store
from kg.store.base import Changes

pytestmark = pytest.mark.neo4j

NODE = Node(id="system:a", label="Model", properties={"name": "A"})


@pytest.fixture
def tls_address(tls_server, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of the server that also speaks TLS, without its scheme."""
    for name, value in tls_server.settings.items():
        monkeypatch.setenv(name, value)
    return tls_server.settings["NEO4J_URI"].partition("://")[2]


def _write_and_read(address: str) -> None:
    with open_store(address, mode="write") as store:
        store.apply(Changes(nodes_upsert=(NODE,)))
    with open_store(address) as store:
        assert list(store.nodes()) == [NODE]
        assert store.query("MATCH (n:Model) RETURN n.name").rows == (("A",),)


def test_routed_address_is_read_and_written(empty_server: str) -> None:
    _write_and_read(empty_server.replace("bolt://", "neo4j://"))


@pytest.mark.parametrize("scheme", ["bolt+ssc", "neo4j+ssc"])
def test_self_signed_certificate_is_accepted_where_asked_for(scheme: str, tls_address: str) -> None:
    _write_and_read(f"{scheme}://{tls_address}")


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
def test_self_signed_certificate_is_refused_in_one_line(scheme: str, tls_address: str) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        open_store(f"{scheme}://{tls_address}")
    assert f"{scheme}://{tls_address}" in str(caught.value)
    assert "\n" not in str(caught.value)
