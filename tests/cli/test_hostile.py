"""Names and titles that try to be code: they are read, stored, asked and printed as text."""

import json
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
def graph(tmp_path_factory: pytest.TempPathFactory, run_kg) -> Path:
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
    assert run_kg("build", "papers.jsonl", cwd=folder).returncode == 0
    return folder


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
    graph: Path, command: list[str], output_format: str, run_kg
) -> None:
    done = run_kg(*command, "--format", output_format, cwd=graph)
    assert done.returncode == 0, done.stderr
    assert _is_safe(done.stdout)
    assert _is_safe(done.stderr)


def test_hostile_titles_are_kept_as_they_are(graph: Path, run_kg) -> None:
    done = run_kg(
        "query",
        "MATCH (p:Paper) WHERE p.abstract IS NOT NULL RETURN p.title AS t",
        "--format",
        "json",
        cwd=graph,
    )
    titles = [row["t"] for row in json.loads(done.stdout)]
    assert len(titles) == len(HOSTILE)
    for text in HOSTILE.values():
        assert any(text in title for title in titles)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_and_questions_are_only_looked_up(graph: Path, text: str, run_kg) -> None:
    before = run_kg("stats", "--format", "json", cwd=graph).stdout
    for command in (["show", text], ["ask", f"what does {text} use?"], ["ask", text]):
        done = run_kg(*command, cwd=graph)
        assert done.returncode in (0, 1)
        assert _is_safe(done.stdout + done.stderr)
        assert "Traceback" not in done.stderr
    parameter = run_kg("query", "RETURN $x AS x", "-p", f"x={text}", "--format", "json", cwd=graph)
    assert json.loads(parameter.stdout) == [{"x": text}]
    assert run_kg("stats", "--format", "json", cwd=graph).stdout == before


@pytest.mark.parametrize(
    "cypher",
    ["CREATE (:Model {id: 'x'})", "MATCH (n) DETACH DELETE n", "MATCH (n) SET n.x = 1",
     "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row"],
    ids=["create", "delete", "set", "load-csv"],
)  # fmt: skip
def test_query_refuses_writes_and_files(graph: Path, cypher: str, run_kg) -> None:
    done = run_kg("query", cypher, cwd=graph)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("kg: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_extract_prints_no_control_character(graph: Path, run_kg) -> None:
    done = run_kg("extract", "papers.jsonl", cwd=graph)
    assert done.returncode == 0
    assert _is_safe(done.stdout)
    assert len(done.stdout.splitlines()) == len(HOSTILE)
