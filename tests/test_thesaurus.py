"""The user's file of merges and splits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.thesaurus import (
    Thesaurus,
    ThesaurusRule,
    add_merge,
    add_split,
    load_thesaurus,
    parse_thesaurus,
    render_thesaurus,
)

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(str.strip).filter(bool)
rules = st.builds(
    lambda pair, kind: ThesaurusRule(names=tuple(pair), kind=kind),
    st.lists(names, min_size=2, max_size=2, unique=True),
    st.sampled_from(["", "system", "robot"]),
).filter(lambda rule: all(rule.names) and len(set(rule.names)) == 2)
thesauri = st.builds(
    lambda merges, splits: Thesaurus(merges=tuple(merges), splits=tuple(splits)),
    st.lists(rules, max_size=4),
    st.lists(rules, max_size=4),
)


@given(thesauri)
def test_thesaurus_is_read_back_as_written(thesaurus: Thesaurus) -> None:
    assert parse_thesaurus(render_thesaurus(thesaurus), "t.yaml") == thesaurus


def test_load_thesaurus_reads_names_and_kinds(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        "merge:\n  - [CoT, chain-of-thought]\n  - {names: [Spot, Spot Mini], kind: robot}\n"
        "split:\n  - [A, B]\n",
        encoding="utf-8",
    )
    assert load_thesaurus(path) == Thesaurus(
        merges=(
            ThesaurusRule(names=("CoT", "chain-of-thought")),
            ThesaurusRule(names=("Spot", "Spot Mini"), kind="robot"),
        ),
        splits=(ThesaurusRule(names=("A", "B")),),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "merge:\nsplit: []\n"])
def test_parse_thesaurus_takes_nothing_as_empty(text: str) -> None:
    assert parse_thesaurus(text, "t.yaml") == Thesaurus()


def test_load_thesaurus_without_a_file_is_empty() -> None:
    assert load_thesaurus(None) == Thesaurus()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("merge: [[A, B]\n", "not YAML"),
        ("- A\n", r"t\.yaml:1: the top is no mapping"),
        ("merge:\n  - [A, B]\njoin:\n  - [A, B]\n", r"t\.yaml:3: unknown key 'join'"),
        ("merge: A\n", r"t\.yaml:1: 'merge' holds no list"),
        ("merge:\n  - [A, B]\n  - A\n", r"t\.yaml:3: merge: an entry is no list"),
        ("merge:\n  - [A]\n", r"t\.yaml:2: merge: an entry needs two"),
        ("merge:\n  - [A, A]\n", r"t\.yaml:2: merge: an entry needs two"),
        ("merge:\n  - [A, '']\n", r"t\.yaml:2: merge: a name must be"),
        ("split:\n  - [A, B, C]\n", r"t\.yaml:2: split: an entry keeps two"),
        ("merge:\n  - {names: [A, B], kind: ship}\n", r"t\.yaml:2: kind is 'ship'"),
        ("merge:\n  - {name: [A, B]}\n", r"t\.yaml:2: merge: an entry has the keys"),
    ],
)
def test_parse_thesaurus_error_says_where(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_thesaurus(text, "t.yaml")


def test_load_thesaurus_says_when_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_thesaurus(tmp_path / "none.yaml")


def test_yaml_tags_run_nothing() -> None:
    text = "merge:\n  - !!python/object/apply:os.getcwd []\n"
    with pytest.raises(InputError, match="two different names"):
        parse_thesaurus(text, "t.yaml")


def test_add_split_takes_a_merge_back() -> None:
    merged = add_merge(Thesaurus(), ["A", "B", "C"])
    assert add_split(merged, "A", "B") == Thesaurus(
        merges=(ThesaurusRule(names=("A", "C")),), splits=(ThesaurusRule(names=("A", "B")),)
    )
    assert add_split(add_merge(Thesaurus(), ["A", "B"]), "A", "B").merges == ()


def test_add_merge_takes_a_split_back() -> None:
    split = add_split(Thesaurus(), "A", "B")
    assert add_merge(split, ["A", "B"]) == Thesaurus(merges=(ThesaurusRule(names=("A", "B")),))
