"""Fixtures that several test folders use; KG_NO_SKIP=1 makes a skipped test fail the run."""

import contextlib
import io
import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from kg.cli import main
from kg.records import Edge, Node
from kg.resolve.graph import edge_id
from kg.store import open_store
from kg.store.base import Changes

settings.register_profile("kg", deadline=None, max_examples=50)
settings.load_profile("kg")

# A shell's background job ignores Ctrl-C, and so would the processes that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared data beside the checkout; without it the test is skipped."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder `shared` beside the checkout: it holds the real pages and gold data")
    return folder


@pytest.fixture(scope="session")
def stacking_graph() -> Changes:
    """Give a small graph made by hand: five papers that stack cups, and one that they cite."""
    path = Path(__file__).resolve().parent / "data" / "stacking.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    nodes = [Node(id=i, label=label, properties=_values(p)) for i, label, p in data["nodes"]]
    edges = [
        Edge(
            id=edge_id(kind, a, b, *(str(p.get(key)) for key in ("paper", "role", "kind"))),
            type=kind,
            source=a,
            source_label=a_label,
            target=b,
            target_label=b_label,
            properties=p,
        )
        for kind, a, a_label, b, b_label, p in data["edges"]
    ]
    return Changes(nodes_upsert=tuple(nodes), edges_upsert=tuple(edges))


def _values(properties: dict) -> dict:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in properties.items()}


@pytest.fixture(scope="session")
def stacking(stacking_graph: Changes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an embedded store `papers.kg` that holds the small graph."""
    folder = tmp_path_factory.mktemp("stacking")
    with open_store(str(folder / "papers.kg"), mode="write") as store:
        store.apply(stacking_graph)
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left: its exit code and what it printed."""

    returncode: int
    stdout: str
    stderr: str


RunKg = Callable[..., Done]


@pytest.fixture(scope="session")
def run_kg() -> RunKg:
    """Give a function that runs the command line in this process: `run_kg("stats", cwd=folder)`."""

    def run(*arguments: str, cwd: Path) -> Done:
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with (
            contextlib.chdir(cwd),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                main(list(arguments))
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Done(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())

    return run


@pytest.fixture
def empty_server() -> Iterator[str]:
    """Give the address of the server of NEO4J_URI, its database empty before and after."""
    address = os.environ.get("NEO4J_URI")
    if not address:
        pytest.skip("no Neo4j server: run `scripts/neo4j start` and set NEO4J_URI as it says")
    import neo4j

    user = os.environ.get("NEO4J_USERNAME", "neo4j")
    with neo4j.GraphDatabase.driver(address, auth=(user, os.environ["NEO4J_PASSWORD"])) as driver:
        found = driver.execute_query(
            "OPTIONAL MATCH (n) WITH count(n) AS n "
            "OPTIONAL MATCH (k {made_by: 'tests'}) RETURN n, count(k) AS k"
        ).records[0]
        if found["n"] and not found["k"]:
            pytest.fail(f"{address}: the tests need an empty database, and will not empty this one")
        driver.execute_query("MATCH (n) DETACH DELETE n")
        yield address
        driver.execute_query("MATCH (n) DETACH DELETE n")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where a test was skipped that this machine was to run (`train` excepted)."""
    if not os.environ.get("KG_NO_SKIP"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    unexpected = [report for report in skipped if not _is_of_training(report)]
    if unexpected and session.exitstatus == 0:
        session.exitstatus = 1
        names = ", ".join(report.nodeid for report in unexpected)
        reporter.write_line(f"skipped although KG_NO_SKIP is set: {names}", red=True)


def _is_of_training(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Tell whether a test, or a module of tests, needs PyTorch."""
    return "train" in getattr(report, "keywords", ()) or "tests/train/" in report.nodeid
