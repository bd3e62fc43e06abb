"""Records of an earlier model, put to the vote of the papers that contain their strings."""

import json
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.train.silver import read_silver, vote


def _pair(number: int, kind: str, *, also: str = "", **more: str) -> tuple[dict, dict]:
    """Give a paper that introduces Ibis and is evaluated on CupBench, read as `kind`."""
    text = {
        "id": f"p{number}",
        "title": f"Ibis {number}",
        "abstract": f"We present Ibis {number}. On CupBench careful people judge it. {also}",
    }
    entities = [
        {"id": "e1", "name": f"Ibis {number}", "type": "Method", "mentions": [f"Ibis {number}"]},
        {"id": "e2", "name": "CupBench", "type": kind, "mentions": ["CupBench"]},
    ]
    entities += [
        {"id": key, "name": name, "type": "Method", "mentions": [name]}
        for key, name in more.items()
    ]
    relations = [
        {"head": "PAPER", "type": "INTRODUCES", "tail": "e1"},
        {"head": "e1", "type": "USES", "role": "evaluation", "tail": "e2"},
    ]
    relations += [{"head": "PAPER", "type": "USES", "role": "component", "tail": k} for k in more]
    results = [{"system": "e1", "benchmark": key, "metric": None, "value": "7"} for key in more]
    row = {"id": text["id"], "entities": entities, "relations": relations, "results": results}
    return text, row


def _types(row: dict) -> dict[str, str]:
    return {entity["name"]: entity["type"] for entity in row["entities"]}


def test_a_string_gets_the_type_that_most_papers_give() -> None:
    pairs = [_pair(k, "Benchmark") for k in range(7)] + [_pair(7, "Dataset")]
    assert {_types(row)["CupBench"] for _, row in vote(pairs)} == {"Benchmark"}


def test_a_string_on_which_papers_disagree_keeps_its_types() -> None:
    pairs = [_pair(k, "Benchmark" if k % 2 else "Dataset") for k in range(8)]
    assert [_types(row)["CupBench"] for _, row in vote(pairs)] == ["Dataset", "Benchmark"] * 4


def test_a_relation_that_the_new_type_does_not_allow_goes() -> None:
    pairs = [_pair(k, "Task") for k in range(7)] + [_pair(7, "Benchmark")]
    *_, (_, last) = vote(pairs)
    assert _types(last)["CupBench"] == "Task"
    assert [r["type"] for r in last["relations"]] == ["INTRODUCES"]


def test_a_string_that_few_papers_name_goes_with_what_is_said_of_it() -> None:
    pairs = [_pair(0, "Benchmark", e3="careful people")]
    pairs += [_pair(k, "Benchmark") for k in range(1, 8)]
    first = next(vote(pairs))[1]
    assert set(_types(first)) == {"Ibis 0", "CupBench"}
    assert {r["tail"] for r in first["relations"]} == {"e1", "e2"}
    assert first["results"] == []


def test_a_rare_string_stays() -> None:
    pairs = [_pair(0, "Benchmark", also="It builds on Heron.", e3="Heron")]
    assert "Heron" in _types(next(vote(pairs))[1])


def test_a_paper_that_then_introduces_nothing_is_left_out() -> None:
    text, row = _pair(0, "Benchmark")
    row["relations"] = row["relations"][1:]
    assert not list(vote([(text, row)]))


def test_what_is_no_record_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "silver.jsonl"
    text, row = _pair(0, "Benchmark")
    path.write_text(json.dumps(row | {"paper": text}) + "\nnonsense\n")
    rows = read_silver(path)
    assert next(rows)[1]["entities"][1]["name"] == "CupBench"
    with pytest.raises(InputError, match=r"silver\.jsonl:2: not a JSON object"):
        next(rows)
