"""Files for Neo4j's offline import: what is in them, and what a server makes of them."""

import csv
import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.api import build, sample_papers
from kg.errors import InputError
from kg.export import export_graph, neo4j_admin
from kg.records import Edge, Entity, Node, Paper, Record, Relation
from kg.store import open_store
from kg.store.base import Changes
from kg.store.record_file import decode_record

ROOT = Path(__file__).resolve().parents[2]
NASTY = 'Wörter; "quoted" \\" \\ , \t思考 🤖\nsecond line\r\nthird\u2028fourth \ufeff'
TYPES = {"string": str, "long": int, "double": float, "boolean": lambda text: text == "true"}


def _record(name: str) -> Record:
    paper = Paper(
        id=f"paper, {name}",
        title=f"{name}: {NASTY}",
        abstract=f"{name} is evaluated on BBH; it beats GPT-3.\n{NASTY}",
        year=2024,
        keywords=("a;b", 'say "c"', "d\n e", "後"),
    )
    entities = tuple(
        Entity(id=f"e{place}", name=text, type=label, mentions=(text,))
        for place, (text, label) in enumerate(
            [(name, "Model"), ("BBH", "Benchmark"), ('The "\\" task; one', "Task")]
        )
    )
    relations = (
        Relation(head="e0", type="USES", tail="e1", role="evaluation", evidence=NASTY, start=0),
        Relation(head="PAPER", type="ADDRESSES", tail="e2", confidence=0.1 + 0.2),
    )
    return Record(id=paper.id, paper=paper, entities=entities, relations=relations)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a store `papers.kg` of awkward records, and some papers of the samples."""
    path = tmp_path_factory.mktemp("admin")
    lines = sample_papers().read_text(encoding="utf-8").splitlines(keepends=True)
    (path / "papers.jsonl").write_text("".join(lines[:8]), encoding="utf-8")
    (path / "more.jsonl").write_text(lines[8], encoding="utf-8")
    build(
        path / "papers.jsonl",
        [_record("Orca"), _record("O;rca\u001f2")],
        store=path / "papers.kg",
        rules_only=True,
    )
    return path


def _export(store: str, output: Path) -> dict[str, bytes]:
    with open_store(store, mode="read") as opened:
        export_graph(opened, "neo4j-admin", output)
    return {path.name: path.read_bytes() for path in output.iterdir()}


def _store_of(folder: Path, *nodes: Node, edges: tuple[Edge, ...] = ()) -> str:
    with open_store(str(folder / "papers.kg"), mode="write") as store:
        store.apply(Changes(nodes_upsert=nodes, edges_upsert=edges))
    return str(folder / "papers.kg")


def _rows(output: Path) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield labels (or type) and typed cells of each row, as the arguments say."""
    words = shlex.split((output / "import.args").read_text(encoding="utf-8"), comments=True)
    options = [word.partition("=")[::2] for word in words]
    delimiter = chr(int(dict(options)["--array-delimiter"].removeprefix("U+"), 16))
    for option, value in options:
        if option in ("--nodes", "--relationships"):
            header, data = value.split(",")
            columns = (output / header).read_text(encoding="utf-8").strip().split(",")
            with (output / data).open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file):
                    cells = _typed(columns, row, delimiter)
                    yield cells.pop("LABEL" if option == "--nodes" else "TYPE"), cells


def _typed(columns: list[str], row: list[str], delimiter: str) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for column, text in zip(columns, row, strict=True):
        name, _, kind = column.partition(":")
        if kind in ("string[]", "LABEL"):
            cells |= {name or kind: tuple(text.split(delimiter))} if text else {}
        elif text or not name:
            cells[name or kind] = TYPES.get(kind, str)(text)
    return cells


def test_export_has_every_node_with_labels_and_typed_properties(
    folder: Path, tmp_path: Path
) -> None:
    _export(str(folder / "papers.kg"), tmp_path / "import")
    rows = [(labels, cells) for labels, cells in _rows(tmp_path / "import") if "ID" in cells]
    ids = [cells.pop("ID") for _, cells in rows]
    assert len(set(ids)) == len(ids)
    graph = {
        (labels[-1], cells.pop("id")): cells for labels, cells in rows if "Kg" not in labels[0]
    }
    with open_store(str(folder / "papers.kg"), mode="read") as store:
        assert graph == {(node.label, node.id): node.properties for node in store.nodes()}
    assert {labels for labels, _ in rows} >= {("Entity", "Model"), ("Paper",), ("Topic",)}


def test_export_has_every_relationship_with_its_ends(folder: Path, tmp_path: Path) -> None:
    _export(str(folder / "papers.kg"), tmp_path / "import")
    rows = list(_rows(tmp_path / "import"))
    ends = {cells["ID"]: (labels[-1], cells["id"]) for labels, cells in rows if "ID" in cells}
    found = {
        cells.pop("id"): (kind, ends[cells.pop("START_ID")], ends[cells.pop("END_ID")], cells)
        for kind, cells in rows
        if "START_ID" in cells
    }
    with open_store(str(folder / "papers.kg"), mode="read") as store:
        assert found == {
            edge.id: (
                edge.type,
                (edge.source_label, edge.source),
                (edge.target_label, edge.target),
                edge.properties,
            )
            for edge in store.edges()
        }


def test_export_brings_records_and_state(folder: Path, tmp_path: Path) -> None:
    import base64

    _export(str(folder / "papers.kg"), tmp_path / "import")
    rows = list(_rows(tmp_path / "import"))
    with open_store(str(folder / "papers.kg"), mode="read") as store:
        records, marks = list(store.records()), store.fingerprints()
        applied = store.get_state("applied")
    kept = [cells for labels, cells in rows if labels == ("KgRecord",)]
    assert [decode_record(base64.b64decode(cells["body"]), "") for cells in kept] == records
    assert {cells["id"]: cells["fingerprint"] for cells in kept} == marks
    state = {cells["id"]: cells for labels, cells in rows if labels == ("KgStore",)}
    assert state["kg"]["state_applied"] == applied
    assert set(state) == {"kg", "lock"}


def test_rows_of_other_types_have_a_file_of_their_own(tmp_path: Path) -> None:
    store = _store_of(
        tmp_path,
        Node(id="result:1", label="Result", properties={"value": 1.0, "text": ""}),
        Node(id="result:2", label="Result", properties={"value": 2, "text": "2"}),
        Node(id="result:3", label="Result", properties={"value": 3.0, "mine": True}),
    )
    files = _export(store, tmp_path / "import")
    rows = {cells["id"]: cells for _, cells in _rows(tmp_path / "import") if "id" in cells}
    assert rows["result:1"] == {"ID": "Result:result:1", "id": "result:1", "value": 1.0}
    assert files["nodes.csv"].endswith(b',1.0,,"",\n')
    assert rows["result:2"]["value"] == 2
    assert rows["result:3"]["mine"] is True
    assert b"value:long" in files["nodes-3-header.csv"]
    assert files["nodes-2-header.csv"].endswith(b",setting:string,mine:boolean\n")


def test_list_items_may_contain_the_first_separators(tmp_path: Path) -> None:
    names = ("a\x1fb", "c\x1ed")
    node = Node(id="system:a", label="Model", properties={"name": "A", "aliases": names})
    files = _export(_store_of(tmp_path, node), tmp_path / "import")
    assert b'"a\x1fb\x1dc\x1ed"' in files["nodes.csv"]
    assert b"--array-delimiter=U+001D" in files["import.args"]


def test_list_of_one_empty_text_is_refused(tmp_path: Path) -> None:
    store = _store_of(tmp_path, Node(id="1", label="Paper", properties={"keywords": ("",)}))
    with pytest.raises(InputError, match="neo4j-admin: 1: a list of one empty text"):
        _export(store, tmp_path / "import")


def test_rows_that_wait_on_disk_give_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _export(str(folder / "papers.kg"), tmp_path / "import")
    monkeypatch.setattr(neo4j_admin, "_HELD_BYTES", 2000)
    assert _export(str(folder / "papers.kg"), tmp_path / "again") == first


def test_export_removes_files_of_an_earlier_one_and_no_others(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "import"
    first = _export(str(folder / "papers.kg"), output)
    (output / "mine.csv").write_text("x", encoding="utf-8")
    second = _export(_store_of(tmp_path, Node(id="1", label="Paper")), output)
    assert len(second) < len(first)
    assert {"mine.csv", "nodes.csv", "import.args"} <= set(second)
    assert "relationships.csv" not in second


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server in a folder of its own: `run` gives its script an order."""

    home: Path
    port: int

    def run(self, *arguments: str, cwd: Path = ROOT) -> str:
        given = {key: value for key, value in os.environ.items() if not key.startswith("NEO4J_")}
        done = subprocess.run(
            [str(ROOT / "scripts" / "neo4j"), *arguments],
            cwd=cwd,
            env=given
            | {"KG_NEO4J_HOME": str(self.home), "NEO4J_PORT": str(self.port)}
            | {"NEO4J_DOCKER": "no", "NEO4J_HEAP": "384m"},
            capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Give a server that was never started; its jars are those that are there already."""
    if not os.environ.get("NEO4J_URI"):
        pytest.skip("no Neo4j server: run `scripts/neo4j start` and set NEO4J_URI as it says")
    if shutil.which("mvn") is None or shutil.which("java") is None:
        pytest.skip("the offline import needs Java and Maven (apt-get install maven)")
    version = "5.26.30"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    used = Path(os.environ.get("KG_NEO4J_HOME") or cache / "papers-kg" / "neo4j") / version / "lib"
    home = tmp_path / "server"
    (home / version).mkdir(parents=True)
    if (used / ".complete").is_file():
        (home / version / "lib").symlink_to(used)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(home=home, port=port)
    yield server
    server.run("stop")


def _settings(text: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(text) if "=" in word)


@pytest.mark.neo4j
@pytest.mark.slow
def test_imported_database_is_the_store(
    folder: Path, server: Server, run_kg: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder / "papers.kg", tmp_path / "papers.kg")
    done = run_kg("export", "--to", "neo4j-admin", "-o", "import", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    command = done.stderr.strip().rpartition("stopped: ")[2]
    assert command.startswith("neo4j-admin database import full ")
    server.run("import", *shlex.split(command)[4:], cwd=tmp_path / "import")
    for key, value in _settings(server.run("start")).items():
        monkeypatch.setenv(key, value)
    uri = os.environ["NEO4J_URI"]
    ours = tmp_path / "import"

    assert _export(uri, tmp_path / "1") == {path.name: path.read_bytes() for path in ours.iterdir()}
    asked = [
        run_kg("ask", "what does Orca use?", "--format", "json", "--store", store, cwd=tmp_path)
        for store in (uri, "papers.kg")
    ]
    assert asked[0].stdout == asked[1].stdout
    assert "BBH" in asked[0].stdout

    again = run_kg("build", str(folder / "papers.jsonl"), "--rules", "--store", uri, cwd=tmp_path)
    assert "8 unchanged" in again.stderr
    assert "nothing has changed" in again.stderr
    table = run_kg("query", "SHOW INDEXES YIELD name", "--store", uri, cwd=tmp_path)
    assert {"kg_entity_id", "kg_uses_id", "kg_paper_title", "kg_names"} <= set(table.stdout.split())

    for store in (uri, "papers.kg"):
        more = run_kg(
            "build", str(folder / "more.jsonl"), "--rules", "--store", store, cwd=tmp_path
        )
        assert "1 new" in more.stderr
    assert _export(uri, tmp_path / "2") == _export(str(tmp_path / "papers.kg"), tmp_path / "3")
