"""`scripts/standoff`: annotations leave their texts, and come back to them as they were."""

import json
import lzma
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
STANDOFF = runpy.run_path(str(ROOT / "scripts" / "standoff"))
SCORE = runpy.run_path(str(GOLD / "score.py"))
main: Callable[[list[str]], int] = STANDOFF["main"]

TEXT: Row = {
    "id": "own-1",
    "title": "Quill: a naïve parser",
    "abstract": "Quill (QLL) reads 𝔸-trees. On BarkBench, Quill outperforms Twig by 4 points "
    "and reaches 71.5% accuracy. Twigs are small.",
}
ANNOTATION: Row = {
    "id": "own-1",
    "entities": [
        {"id": "e1", "name": "Quill", "type": "Model", "mentions": ["QLL", "Quill"]},
        {"id": "e2", "name": "BarkBench", "type": "Benchmark", "mentions": ["BarkBench"]},
        {"id": "e3", "name": "Twig", "type": "Model", "mentions": ["Twig", "Twigs"]},
        {"id": "e4", "name": "accuracy", "type": "Metric", "mentions": ["accuracy"]},
        {"id": "e5", "name": "A-tree", "type": "Method", "mentions": ["𝔸-trees"]},
    ],
    "relations": [
        {"head": "PAPER", "type": "INTRODUCES", "tail": "e1"},
        {"head": "e1", "type": "USES", "role": "evaluation", "tail": "e2"},
        {"head": "e1", "type": "OUTPERFORMS", "tail": "e3", "margin": "4 points"},
        {"head": "PAPER", "type": "OUTPERFORMS", "tail": "e3", "margin": "four points"},
    ],
    "results": [
        {
            "system": "e1",
            "benchmark": "e2",
            "metric": "e4",
            "value": "71.5",
            "unit": "%",
            "evidence": "reaches 71.5% accuracy",
        }
    ],
}


def write(path: Path, rows: Iterable[Row]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def standoff(tmp_path: Path) -> Path:
    texts = write(tmp_path / "texts.jsonl", [TEXT])
    gold = write(tmp_path / "gold.jsonl", [ANNOTATION])
    path = tmp_path / "standoff.jsonl"
    assert main(["make", str(texts), str(gold), "-o", str(path)]) == 0
    return path


def join(standoff: Path, rows: Iterable[Row], *options: str) -> tuple[int, list[Row]]:
    texts = write(standoff.parent / "mine.jsonl", rows)
    out = standoff.parent / "joined.jsonl"
    code = main(["join", str(standoff), str(texts), "-o", str(out), *options])
    return code, read(out) if code == 0 else []


def test_standoff_round_trip_gives_the_same_annotation(standoff: Path) -> None:
    assert join(standoff, [TEXT]) == (0, [ANNOTATION])


def test_standoff_keeps_of_the_text_only_the_title_and_places(standoff: Path) -> None:
    (row,) = read(standoff)
    assert list(row) == ["id", "title", "sha256", "entities", "relations", "results"]
    text = TEXT["title"] + "\n\n" + TEXT["abstract"]
    twig, twigs = text.index("Twig "), text.index("Twigs")
    assert row["entities"][2]["mentions"] == [[twig, twig + 4], [twigs, twigs + 5]]
    assert row["relations"][2]["margin"] == [twig + 8, twig + 16]
    assert row["relations"][3]["margin"] == "four points"
    stored = standoff.read_text(encoding="utf-8")
    assert not any(words in stored for words in ("reads", "4 points", "reaches", "QLL", "Twigs"))


def test_join_finds_a_text_of_another_id_by_its_hash(standoff: Path) -> None:
    code, (row,) = join(standoff, [TEXT | {"id": "2306.99999"}])
    assert code == 0
    assert row == ANNOTATION | {"id": "2306.99999"}


def test_join_finds_a_text_broken_into_lines_and_writes_it_as_annotated(standoff: Path) -> None:
    broken = TEXT | {"abstract": "  " + TEXT["abstract"].replace(" ", "\n  ")}
    joined = standoff.parent / "as-annotated.jsonl"
    assert join(standoff, [broken], "--texts", str(joined)) == (0, [ANNOTATION])
    assert read(joined) == [TEXT]


@pytest.mark.parametrize(
    "changed",
    [{"abstract": TEXT["abstract"] + "!"}, {"id": "x", "abstract": "\x1b[31mNew."}],
    ids=["same-id", "same-title"],
)
def test_join_names_a_text_that_differs_and_leaves_it_out(
    standoff: Path, capsys: pytest.CaptureFixture[str], changed: Row
) -> None:
    other = TEXT | {"id": "own-2"}
    code, rows = join(standoff, [TEXT | changed, other])
    assert code == 0
    assert [row["id"] for row in rows] == ["own-2"]
    (line, _) = capsys.readouterr().err.splitlines()[-2:]
    assert "mine.jsonl:1: " in line
    assert "is not the annotated one of 'own-1'" in line
    assert line.endswith("left out")
    assert "\x1b" not in line


def test_join_passes_over_texts_that_nobody_annotated(
    standoff: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    stranger = {"id": "s", "title": "Another", "abstract": "Nothing."}
    assert join(standoff, [stranger, TEXT]) == (0, [ANNOTATION])
    assert capsys.readouterr().err == "1 texts joined; 1 abstracts are annotated\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"title": "x"}', "mine.jsonl:1: an object with title, abstract was expected"),
        ("[]", "mine.jsonl:1: an object with title, abstract was expected"),
        ("{", "mine.jsonl:1: not JSON"),
        ('{"title": 1, "abstract": ""}', "must be strings"),
        ('{"title": "a", "abstract": "b"}', "none of the 1 annotated texts is in it"),
    ],
    ids=["no-abstract", "list", "no-json", "number", "none-annotated"],
)
def test_join_says_what_is_wrong_with_texts(
    standoff: Path, capsys: pytest.CaptureFixture[str], line: str, message: str
) -> None:
    texts = standoff.parent / "mine.jsonl"
    texts.write_text(line + "\n", encoding="utf-8")
    assert main(["join", str(standoff), str(texts)]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "own-9"}, "has no text 'own-9'"),
        ({"entities": [{"id": "e1"}]}, "not in the format of annotations"),
        (
            {"entities": [{"id": "e1", "name": "Twi", "type": "Model", "mentions": ["Twi"]}]},
            "gold.jsonl:1: mention 'Twi' is nowhere in the text as whole words",
        ),
    ],
    ids=["no-text", "no-name", "not-in-text"],
)
def test_make_says_which_annotation_does_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Row, message: str
) -> None:
    texts = write(tmp_path / "texts.jsonl", [TEXT])
    gold = write(tmp_path / "gold.jsonl", [ANNOTATION | change])
    assert main(["make", str(texts), str(gold), "-o", str(tmp_path / "out.jsonl")]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_join_refuses_places_outside_the_text(
    standoff: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = read(standoff)
    row["entities"][0]["mentions"] = [[0, 5000]]
    write(standoff, [row])
    assert join(standoff, [TEXT]) == (1, [])
    assert "[0, 5000] is no place in a text of" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.xz"])
def test_make_writes_the_same_bytes_twice(tmp_path: Path, suffix: str) -> None:
    texts = write(tmp_path / "texts.jsonl", [TEXT])
    gold = write(tmp_path / "gold.jsonl", [ANNOTATION])
    outs = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for out in outs:
        assert main(["make", str(texts), str(gold), "-o", str(out)]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert join(outs[0], [TEXT]) == (0, [ANNOTATION])


def test_standoff_runs_as_a_command_and_its_help_has_an_example() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "standoff"), "join", "--help"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "example:\n  scripts/standoff join tests/gold/dev.standoff.jsonl" in run.stdout


def test_annotated_samples_score_full_marks_against_themselves(tmp_path: Path) -> None:
    texts, gold = (ROOT / "tests" / "data" / name for name in ("texts.jsonl", "gold.jsonl"))
    standoff, joined = tmp_path / "standoff.jsonl", tmp_path / "joined.jsonl"
    assert main(["make", str(texts), str(gold), "-o", str(standoff)]) == 0
    assert main(["join", str(standoff), str(texts), "-o", str(joined)]) == 0
    assert read(joined) == read(gold)
    figures, _ = SCORE["score"](*map(SCORE["read"], (texts, gold, joined)))
    assert {figure["f1"] for figure in figures.values()} == {100.0}


@pytest.mark.parametrize(
    ("part", "name"),
    [("dev", "dev.standoff.jsonl"), ("train", "train.standoff.jsonl.xz")],
    ids=["dev", "train"],
)
def test_shipped_standoff_joined_to_the_texts_is_the_gold(
    shared: Path, tmp_path: Path, part: str, name: str
) -> None:
    texts, gold = (shared / "gold" / f"{part}.{kind}.jsonl" for kind in ("texts", "gold"))
    joined = tmp_path / "joined.jsonl"
    assert main(["join", str(GOLD / name), str(texts), "-o", str(joined)]) == 0
    assert read(joined) == read(gold)


def test_shipped_dev_standoff_scores_full_marks(shared: Path, tmp_path: Path) -> None:
    texts, gold = (shared / "gold" / f"dev.{kind}.jsonl" for kind in ("texts", "gold"))
    joined = tmp_path / "joined.jsonl"
    assert main(["join", str(GOLD / "dev.standoff.jsonl"), str(texts), "-o", str(joined)]) == 0
    figures, misses = SCORE["score"](*map(SCORE["read"], (texts, gold, joined)))
    assert len(figures) == 9
    assert {f["precision"] for f in figures.values()} == {100.0}
    assert {f["recall"] for f in figures.values()} == {100.0}
    assert not any(misses.values())


def test_shipped_standoff_holds_no_sentence_of_an_abstract(shared: Path) -> None:
    for part, name in (("dev", "dev.standoff.jsonl"), ("train", "train.standoff.jsonl.xz")):
        texts = {row["id"]: row for row in read(shared / "gold" / f"{part}.texts.jsonl")}
        opener = lzma.open if name.endswith(".xz") else open
        with opener(GOLD / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                abstract = texts[row["id"]]["abstract"]
                strings = [entity["name"] for entity in row["entities"]]
                strings += [str(relation.get("margin", "")) for relation in row["relations"]]
                strings += [f"{result['value']} {result['unit']}" for result in row["results"]]
                assert not any(len(s.split()) > 8 and s in abstract for s in strings)
                assert all(isinstance(r["evidence"], list) for r in row["results"])
