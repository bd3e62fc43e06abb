"""Neo4j servers of a test's own, each on a port and in a folder of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSION = os.environ.get("NEO4J_VERSION", "5.26.30")


class OwnServer:
    """A server that a test may break: its folder, its port, and who may use it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self._port = taken.getsockname()[1]
        self.settings: dict[str, str] = {}
        _lend_jars(home)

    def start(self, settings: str = "") -> subprocess.CompletedProcess[str]:
        """Start it, or leave it alone where it runs; `settings` are lines of neo4j.conf."""
        environment = {key: value for key, value in os.environ.items() if key != "NEO4J_URI"}
        done = subprocess.run(
            [ROOT / "scripts" / "neo4j", "start"],
            env=environment
            | {
                "KG_NEO4J_HOME": str(self._home),
                "NEO4J_PORT": str(self._port),
                "NEO4J_HEAP": "256m",
                "NEO4J_DOCKER": "no",
                "NEO4J_SETTINGS": settings,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.settings = dict(re.findall(r"(NEO4J_\w+)=(\S+)", done.stdout))
        return done

    @property
    def pid(self) -> int:
        """The process of the server."""
        return int((self._home / VERSION / "run" / "server.pid").read_text())

    @property
    def log_size(self) -> int:
        """The bytes of the transaction log."""
        logs = self._home / VERSION / "data" / "transactions" / "neo4j"
        return max(path.stat().st_size for path in logs.glob("neostore.transaction.db.*"))

    def kill(self) -> None:
        """End it as a crash would, and wait until it is gone."""
        pid = self.pid
        while self._runs(pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def _runs(self, pid: int) -> bool:
        try:
            return str(self._home).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False


def _lend_jars(home: Path) -> None:
    """Use the jars of a server that is installed already; else the script fetches them."""
    default = Path.home() / ".cache" / "papers-kg" / "neo4j"
    jars = Path(os.environ.get("KG_NEO4J_HOME", default)) / VERSION / "lib"
    if (jars / ".complete").exists():
        (home / VERSION).mkdir(parents=True)
        (home / VERSION / "lib").symlink_to(jars)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """Give a server of the test's own; skip where none can be assembled."""
    if not Path("/proc").is_dir():
        pytest.skip("needs /proc, to see that a killed server is gone")
    server = OwnServer(tmp_path_factory.mktemp("neo4j"))
    done = server.start()
    if done.returncode:
        pytest.skip(f"no Neo4j server can be started here: {done.stderr.strip()[-200:]}")
    yield server
    server.kill()


@pytest.fixture(scope="module")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """Give a server that also speaks TLS, with a certificate that nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl, which makes the certificate")
    server = OwnServer(tmp_path_factory.mktemp("neo4j-tls"))
    folder = tmp_path_factory.mktemp("certificates")
    made = f"-keyout {folder}/private.key -out {folder}/public.crt"
    asked = "-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run(
        ["openssl", "req", *asked.split(), *made.split()], capture_output=True, check=True
    )
    settings = (
        "server.bolt.tls_level=OPTIONAL\n"
        "dbms.ssl.policy.bolt.enabled=true\n"
        f"dbms.ssl.policy.bolt.base_directory={folder}\n"
        "dbms.ssl.policy.bolt.client_auth=NONE\n"
    )
    done = server.start(settings)
    if done.returncode:
        pytest.skip(f"no Neo4j server can be started here: {done.stderr.strip()[-200:]}")
    yield server
    server.kill()
