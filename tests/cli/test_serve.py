"""A real `kg serve` and the official driver: what it answers, what it refuses, what it leaves."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import AuthError, ClientError, Neo4jError, ServiceUnavailable

from kg.api import build, open_graph, sample_papers
from kg.store import open_store

PASSWORD = "cup [on] a: päd,"
README_QUERY = (
    "MATCH (:Model {name: 'Orca'})-[r:USES]->(b:Benchmark) RETURN b.name, r.role, r.sentence"
)
WRITES = [
    "CREATE (n:Model {id: 'x', name: 'x'})",
    "CREATE (n:Never)",
    "MERGE (n:Model {id: 'zz'})",
    "MATCH (n:Model) SET n.foo = 1",
    "MATCH (n:Model) SET n:Never",
    "MATCH (n:Model) REMOVE n.name",
    "MATCH (n:Model) DETACH DELETE n",
    "MATCH ()-[r:USES]->() DELETE r",
    "MATCH (a:Model), (b:Benchmark) CREATE (a)-[:USES]->(b)",
    "MATCH (s:KgStore) SET s.state_catalogue = 'x'",
    "FOREACH (x IN [1] | CREATE (:Never))",
    "CALL { CREATE (:Never) } RETURN 1",
    "UNWIND [1, 2] AS x CALL { WITH x CREATE (:Never) } IN TRANSACTIONS OF 1 ROWS",
    "CREATE CONSTRAINT FOR (n:Model) REQUIRE n.name IS UNIQUE",
    "CREATE INDEX never FOR (n:Model) ON (n.foo)",
    "DROP INDEX `Model[name]`",
    "DROP CONSTRAINT never",
    "CREATE USER eve SET PASSWORD 'abcdefgh1'",
    "ALTER USER neo4j SET PASSWORD 'abcdefgh1'",
    "DROP USER neo4j",
    "CREATE DATABASE never",
    "DROP DATABASE neo4j",
    "ALTER DATABASE `arcadedb.opencypher.loadCsv.allowFileUrls` true",
    "LOAD CSV FROM 'file:///etc/passwd' AS line CREATE (:Never {line: line})",
    "CALL db.createLabel('Never')",
    "CALL db.index.fulltext.createNodeIndex('never', ['Model'], ['name'])",
    "CALL dbms.security.createUser('eve', 'abcdefgh1')",
    "CALL apoc.create.node(['Never'], {})",
    "CALL apoc.cypher.doIt('CREATE (:Never)', {})",
    "CALL merge.node(['Never'], {id: 1})",
    "PROFILE CREATE (n:Never)",
    "INSERT INTO Model SET id = 'y'",
    "DROP TYPE Model UNSAFE",
]
READS_OF_FILES = [
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "LOAD CSV FROM 'http://127.0.0.1:9/' AS line RETURN line",
    "CALL apoc.load.json('file:///etc/passwd')",
    "EXPORT DATABASE file:///tmp/never.tgz",
    "BACKUP DATABASE",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running `kg serve`."""

    process: subprocess.Popen[str]
    address: str
    said: str

    def driver(self, password: str = PASSWORD, user: str = "neo4j") -> neo4j.Driver:
        """Return a driver with these credentials."""
        return neo4j.GraphDatabase.driver(self.address, auth=(user, password))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def start(*arguments: str, password: str | None = PASSWORD, tmp: Path) -> subprocess.Popen[str]:
    """Start `kg serve` with its temporary files in a folder of the test's."""
    environment = {k: v for k, v in os.environ.items() if k != "KG_SERVE_PASSWORD"}
    environment |= {"TMPDIR": str(tmp)} | ({"KG_SERVE_PASSWORD": password} if password else {})
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", *arguments], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip


@contextmanager
def serving(
    store: Path, tmp: Path, *options: str, password: str | None = PASSWORD
) -> Iterator[Server]:
    """Give a server of a store that is up; end it if the test has not."""
    port = free_port()
    process = start(
        "--store", str(store), "--port", str(port), *options, password=password, tmp=tmp
    )
    try:
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(3)]
        address = f"bolt://127.0.0.1:{port}"
        assert address in lines[0], lines
        yield Server(process=process, address=address, said="".join(lines))
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def digest(folder: Path) -> str:
    """Return a hash of all that a store holds; its log and its lock are no part of that."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "log" and path.name != "lock"
    ]
    return hashlib.sha256(
        b"".join(str(path.relative_to(folder)).encode() + path.read_bytes() for path in files)
    ).hexdigest()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store of the sample papers, for reading."""
    folder = tmp_path_factory.mktemp("serve") / "papers.kg"
    build(sample_papers(), store=folder, rules_only=True)
    return folder


@pytest.fixture(scope="module")
def n_papers(built: Path) -> int:
    """Give the number of papers in the store, those that are only cited included."""
    with open_store(str(built)) as store:
        return int(store.query("MATCH (p:Paper) RETURN count(p)").rows[0][0])


@pytest.fixture(scope="module")
def tmp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder for the temporary files of servers."""
    return tmp_path_factory.mktemp("tmp")


@pytest.fixture(scope="module")
def server(built: Path, tmp: Path) -> Iterator[Server]:
    with serving(built, tmp) as running:
        yield running


@pytest.fixture(scope="module")
def driver(server: Server) -> Iterator[neo4j.Driver]:
    with server.driver() as opened:
        yield opened


def test_readme_query_gives_what_the_store_gives(driver: neo4j.Driver, built: Path) -> None:
    rows = driver.execute_query(README_QUERY).records
    with open_graph(built) as graph:
        expected = list(graph.query(README_QUERY))
    assert {r["b.name"] for r in rows} >= {"BBH", "AGIEval"}
    assert sorted(map(str, (row.data() for row in rows))) == sorted(map(str, expected))


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -(2**63), 2.5, "", "Über 思考 🤖 'x' \\ \"", [1, "a", None], {"ä": [{"b": 1}]}],
    ids=str,
)
def test_parameter_comes_back_as_it_was(driver: neo4j.Driver, value: object) -> None:
    assert driver.execute_query("RETURN $value AS value", value=value).records[0]["value"] == value


def test_graph_types_are_those_of_the_driver(driver: neo4j.Driver) -> None:
    query = "MATCH p = (n:Model {name: 'Orca'})-[r:USES]->(b:Benchmark {name: 'BBH'}) RETURN *"
    row = driver.execute_query(query).records[0]
    assert row["n"].labels == {"Entity", "Model"}
    assert row["n"]["id"] == "system:orca"
    assert row["r"].type == "USES"
    assert row["r"]["role"] == "evaluation"
    assert [node["name"] for node in row["p"].nodes] == ["Orca", "BBH"]


def test_unicode_name_is_found_by_parameter(stacking_graph, tmp: Path, tmp_path: Path) -> None:
    name = "Tree\nof 思考 🤖"
    with open_store(str(tmp_path / "papers.kg"), mode="write") as store:
        store.apply(stacking_graph)
        store.query("CREATE (:Model {id: 'u', name: $name})", {"name": name}, write=True)
    with serving(tmp_path / "papers.kg", tmp) as running, running.driver() as driver:
        query = "MATCH (n:Model {name: $name}) RETURN n.name AS name"
        assert [r["name"] for r in driver.execute_query(query, name=name).records] == [name]


def test_routing_address_and_database_names_work(server: Server, n_papers: int) -> None:
    address = server.address.replace("bolt:", "neo4j:")
    with neo4j.GraphDatabase.driver(address, auth=("neo4j", PASSWORD)) as driver:
        found = driver.execute_query("MATCH (p:Paper) RETURN count(p) AS n", database_="neo4j")
        assert found.records[0]["n"] == n_papers


def _auto_commit(driver: neo4j.Driver, query: str) -> object:
    with driver.session() as session:
        return session.run(query).consume()


def _auto_commit_to_read(driver: neo4j.Driver, query: str) -> object:
    with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
        return session.run(query).consume()


def _execute_write(driver: neo4j.Driver, query: str) -> object:
    with driver.session() as session:
        return session.execute_write(lambda transaction: transaction.run(query).consume())


def _execute_read(driver: neo4j.Driver, query: str) -> object:
    with driver.session() as session:
        return session.execute_read(lambda transaction: transaction.run(query).consume())


def _explicit(driver: neo4j.Driver, query: str) -> object:
    with driver.session() as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (n:Paper) RETURN count(n)").consume()
        transaction.run(query).consume()
        transaction.commit()
        return None


WAYS = [_auto_commit, _auto_commit_to_read, _execute_write, _execute_read, _explicit]


@pytest.mark.parametrize("query", WRITES)
def test_write_is_refused_in_every_kind_of_transaction(
    driver: neo4j.Driver, built: Path, query: str
) -> None:
    before = _content(driver)
    for way in WAYS:
        try:
            way(driver, query)
        except Neo4jError:
            continue
        # The engine answers PROFILE in some kinds of transaction without running anything.
        assert query.startswith("PROFILE"), way.__name__
    assert _content(driver) == before


def _content(driver: neo4j.Driver) -> tuple[object, ...]:
    """Return what a write would change: counts, properties, labels, indexes."""
    counts = driver.execute_query(
        "MATCH (n) RETURN count(n) AS n, count(n.name) AS names, count(n.foo) AS foo, "
        "count(n.state_catalogue) AS state"
    ).records[0]
    edges = driver.execute_query("MATCH ()-[r]->() RETURN count(r) AS n").records[0]
    labels = driver.execute_query("CALL db.labels()").records
    indexes = driver.execute_query("SHOW INDEXES").records
    return (
        *counts.values(),
        edges["n"],
        {r[0] for r in labels},
        sorted(r["name"] for r in indexes),
    )


@pytest.mark.parametrize("query", READS_OF_FILES)
def test_files_and_addresses_are_not_read(driver: neo4j.Driver, query: str) -> None:
    for way in WAYS:
        with pytest.raises(Neo4jError):
            way(driver, query)
    assert not Path("/tmp/never.tgz").exists()


def test_other_database_is_refused(server: Server) -> None:
    with server.driver() as driver, pytest.raises(ClientError):
        driver.execute_query("RETURN 1", database_="never")


@pytest.mark.parametrize(
    "auth",
    [("neo4j", "wrong password"), ("neo4j", ""), ("root", PASSWORD), ("", PASSWORD), None],
    ids=["wrong", "empty", "root", "no user", "none"],
)
def test_wrong_credentials_are_refused(server: Server, auth: tuple[str, str] | None) -> None:
    with neo4j.GraphDatabase.driver(server.address, auth=auth) as driver, pytest.raises(AuthError):
        driver.execute_query("RETURN 1")


def test_two_clients_read_side_by_side(server: Server) -> None:
    counts: list[int] = []

    def read() -> None:
        with server.driver() as driver, driver.session() as session:
            query = "MATCH (n:Entity) RETURN count(n)"
            counts.extend(session.run(query).single(strict=True)[0] for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(counts) == 40
    assert len(set(counts)) == 1


def test_password_from_the_environment_is_not_shown(server: Server) -> None:
    assert PASSWORD not in server.said
    assert 'os.environ["KG_SERVE_PASSWORD"]' in server.said


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux's /proc/net/tcp")
def test_one_socket_listens_and_it_is_on_loopback(server: Server) -> None:
    links = [str(fd.readlink()) for fd in Path(f"/proc/{server.process.pid}/fd").iterdir()]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    lines = [
        line.split()
        for name in ("tcp", "tcp6", "udp", "udp6")
        for line in Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]
    ]
    mine = [words[1] for words in lines if words[9] in inodes and words[3] in ("0A", "07")]
    port = int(server.address.rpartition(":")[2])
    assert len(mine) == 1
    host, _, number = mine[0].partition(":")
    assert int(number, 16) == port
    assert host in ("0100007F", "0000000000000000FFFF00000100007F")


def test_own_command_line_reads_the_server(
    server: Server, built: Path, run_kg, monkeypatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    for command in (
        ["ask", "what does Orca use?", "--format", "json"],
        ["query", README_QUERY + " ORDER BY b.name", "--format", "csv"],
        ["why", "CoT", "chain of thought"],
        ["show", "Orca"],
        ["stats"],
    ):
        served = run_kg(*command, "--store", server.address, cwd=built.parent)
        local = run_kg(*command, "--store", str(built), cwd=built.parent)
        assert served.returncode == 0, served.stderr
        assert served.stdout == local.stdout


def test_own_store_reads_all_of_it(server: Server, built: Path, monkeypatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    with open_store(server.address) as served, open_store(str(built)) as local:
        assert served.fingerprints() == local.fingerprints()
        assert list(served.records()) == list(local.records())
        assert set(map(str, served.nodes())) == set(map(str, local.nodes()))
        assert set(map(str, served.edges())) == set(map(str, local.edges()))


@pytest.mark.parametrize("flags", [[], ["--write"]], ids=["read", "write"])
def test_own_write_to_the_server_is_one_line(
    server: Server, built: Path, run_kg, monkeypatch, flags: list[str]
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    done = run_kg(
        "query", "CREATE (:Model {id: 'x'})", *flags, "--store", server.address, cwd=built
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "not allowed" in done.stderr
    assert not flags or "what kg serve serves can only be read" in done.stderr


def test_reader_works_beside_it_and_a_writer_hears_who_holds_the_store(
    server: Server, built: Path, run_kg
) -> None:
    assert run_kg("ask", "what does Orca use?", "--store", str(built), cwd=built).returncode == 0
    done = run_kg("build", str(sample_papers()), "--store", str(built), cwd=built)
    assert done.returncode == 1
    assert f"in use by `kg serve` (process {server.process.pid})" in done.stderr


def test_busy_port_is_one_line(server: Server, built: Path, tmp: Path) -> None:
    port = server.address.rpartition(":")[2]
    process = start("--store", str(built), "--port", port, tmp=tmp)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert (out, err) == (
        "",
        f"kg: port {port} of 127.0.0.1 is in use, by a Neo4j server or another program; "
        "choose another with --port\n",
    )


@pytest.mark.parametrize("password", ["short", "1234567"])
def test_short_password_is_one_line(built: Path, tmp: Path, password: str) -> None:
    process = start("--store", str(built), "--port", str(free_port()), password=password, tmp=tmp)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err.count("\n")) == (1, 1)
    assert "KG_SERVE_PASSWORD" in err
    assert password not in err


@pytest.mark.parametrize("store", ["bolt://127.0.0.1:1", "neo4j+s://example.org", "nothing.kg"])
def test_what_cannot_be_served_is_one_line(store: str, tmp_path: Path, run_kg) -> None:
    done = run_kg("serve", "--store", store, "--port", str(free_port()), cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, "")
    assert store in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_signal_ends_it_and_frees_the_store(
    built: Path, n_papers: int, tmp_path: Path, number: signal.Signals
) -> None:
    store = Path(shutil.copytree(built, tmp_path / "papers.kg"))
    before = digest(store)
    with serving(store, tmp_path, password=None) as running:
        password = running.said.partition("password: ")[2].splitlines()[0]
        assert f'auth=("neo4j", "{password}")' in running.said
        with running.driver(password) as driver:
            driver.execute_query("MATCH (n) RETURN n LIMIT 5")
            running.process.send_signal(number)
            assert running.process.wait(timeout=30) == 128 + number
    assert digest(store) == before
    assert not list(tmp_path.glob("kg-serve-*"))
    with open_store(str(store), mode="write") as opened:
        assert opened.query("MATCH (p:Paper) RETURN count(p)").rows == ((n_papers,),)


def test_killed_server_leaves_a_usable_store(built: Path, n_papers: int, tmp_path: Path) -> None:
    store = Path(shutil.copytree(built, tmp_path / "papers.kg"))
    before = digest(store)
    with serving(store, tmp_path) as running, running.driver() as driver:
        driver.execute_query("MATCH (n) RETURN n LIMIT 5")
        running.process.kill()
        running.process.wait(timeout=30)
        with pytest.raises((ServiceUnavailable, OSError)):
            driver.verify_connectivity()
    assert digest(store) == before
    assert len(list(tmp_path.glob("kg-serve-*"))) == 1
    with serving(store, tmp_path) as running, running.driver() as driver:
        assert driver.execute_query("MATCH (p:Paper) RETURN count(p)").records[0][0] == n_papers
        assert len(list(tmp_path.glob("kg-serve-*"))) == 1
    assert not list(tmp_path.glob("kg-serve-*"))


def test_store_of_a_killed_writer_is_served(
    built: Path, n_papers: int, tmp: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copytree(built, tmp_path / "papers.kg"))
    script = (
        "import os, sys\n"
        "from kg.store import open_store\n"
        "store = open_store(sys.argv[1], mode='write')\n"
        "store.query(\"CREATE (:Model {id: 'new', name: 'New'})\", write=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(store)], check=False)
    with serving(store, tmp) as running, running.driver() as driver:
        query = "MATCH (n:Model {name: 'New'}) RETURN n.id"
        assert [row[0] for row in driver.execute_query(query).records] == ["new"]
        assert driver.execute_query("MATCH (p:Paper) RETURN count(p)").records[0][0] == n_papers


def test_temporary_files_are_the_users_alone(server: Server, tmp: Path) -> None:
    assert tempfile.gettempdir() != str(tmp)
    [folder] = tmp.glob("kg-serve-*")
    assert folder.stat().st_mode & 0o077 == 0


def test_endless_query_is_stopped(built: Path, tmp_path: Path) -> None:
    query = (
        "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b "
        "WITH a, b WHERE a * b < 0 RETURN count(*)"
    )
    with serving(built, tmp_path, "--timeout", "1") as running, running.driver() as driver:
        for way in (_auto_commit, _explicit):
            started = time.monotonic()
            with pytest.raises(ClientError, match="TransactionTimedOut"):
                way(driver, query)
            assert time.monotonic() - started < 30
        assert driver.execute_query("RETURN 1").records[0][0] == 1
