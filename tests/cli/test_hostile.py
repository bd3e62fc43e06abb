"""Names and titles that try to be code: they are read, stored, asked and printed as text."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = {
    "script": "<script>window.__pwned = 1</script>",
    "quotes": "\"'`\\\"'; DROP",
    "ansi": "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "cypher": "'}) DETACH DELETE n //",
    "braces": "{{7*7}} ${x} %s %(a)s",
    "bidi": "abc\u202edef\u2066",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    papers = [
        {
            "id": f"p-{name}{text[:3]}",
            "title": f"Zorble{i}: {text} a policy",
            "abstract": f"We propose Zorble{i}, a policy {text} for robots. Zorble{i} is evaluated "
            f"on LIBERO {text} and outperforms OpenVLA.",
            "authors": [f"Ann {text} Author"],
            "keywords": [text],
        }
        for i, (name, text) in enumerate(HOSTILE.items())
    ]
    path = folder / "papers.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")
    assert _kg(folder, "build", "papers.jsonl").returncode == 0
    return folder


def _kg(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments], cwd=folder, capture_output=True, text=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def _is_safe(text: str) -> bool:
    return not any(
        (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066"
        for c in text
    )


@pytest.mark.parametrize("output_format", ["table", "json", "jsonl", "csv"])
@pytest.mark.parametrize(
    "command",
    [
        ["query", "MATCH (p:Paper) RETURN p, p.title, p.keywords"],
        ["query", "MATCH path = (a:Author)-[:WROTE]->(p:Paper) RETURN path"],
        ["ask", "what is evaluated on LIBERO?"],
        ["show", "LIBERO"],
        ["stats"],
    ],
    ids=["nodes", "paths", "ask", "show", "stats"],
)
def test_hostile_text_prints_no_control_character(
    graph: Path, command: list[str], output_format: str
) -> None:
    done = _kg(graph, *command, "--format", output_format)
    assert done.returncode == 0, done.stderr
    assert _is_safe(done.stdout)
    assert _is_safe(done.stderr)


def test_hostile_titles_are_kept_as_they_are(graph: Path) -> None:
    done = _kg(graph, "query", "MATCH (p:Paper) RETURN p.title AS t ORDER BY t", "--format", "json")
    titles = [row["t"] for row in json.loads(done.stdout)]
    assert len(titles) == len(HOSTILE)
    for text in HOSTILE.values():
        assert any(text in title for title in titles)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_and_questions_are_only_looked_up(graph: Path, text: str) -> None:
    before = _kg(graph, "stats", "--format", "json").stdout
    for command in (["show", text], ["ask", f"what does {text} use?"], ["ask", text]):
        done = _kg(graph, *command)
        assert done.returncode in (0, 1)
        assert _is_safe(done.stdout + done.stderr)
        assert "Traceback" not in done.stderr
    parameter = _kg(graph, "query", "RETURN $x AS x", "-p", f"x={text}", "--format", "json")
    assert json.loads(parameter.stdout) == [{"x": text}]
    assert _kg(graph, "stats", "--format", "json").stdout == before


@pytest.mark.parametrize(
    "cypher",
    ["CREATE (:Model {id: 'x'})", "MATCH (n) DETACH DELETE n", "MATCH (n) SET n.x = 1",
     "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row"],
    ids=["create", "delete", "set", "load-csv"],
)  # fmt: skip
def test_query_refuses_writes_and_files(graph: Path, cypher: str) -> None:
    done = _kg(graph, "query", cypher)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("kg: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_extract_prints_no_control_character(graph: Path) -> None:
    done = _kg(graph, "extract", "papers.jsonl")
    assert done.returncode == 0
    assert _is_safe(done.stdout)
    assert len(done.stdout.splitlines()) == len(HOSTILE)
