"""The catalogue is data that people edit by hand: these tests say what makes it consistent."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).resolve().parents[2] / "schemas" / "catalogue"
KINDS = {
    "model": "system",
    "method": "system",
    "benchmark": "resource",
    "dataset": "resource",
    "task": "task",
    "metric": "metric",
    "robot": "robot",
}
KEYS = ["name", "aliases", "family", "year", "arxiv_id", "ambiguous"]
LISTS = ("aliases", "family", "ambiguous")


def normalised(name):
    """Leave out what may differ between spellings of one name: case, hyphens, blanks."""
    return re.sub(r"[\s\-_\u2010-\u2015]+", "", unicodedata.normalize("NFKC", name).casefold())


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ENTRIES = {type_: read(CATALOGUE / f"{type_}.jsonl") for type_ in KINDS}
ALL = [(type_, entry) for type_, entries in ENTRIES.items() for entry in entries]


def of_kind(kind):
    return [entry for type_, entry in ALL if KINDS[type_] == kind]


def test_one_file_for_each_type():
    assert sorted(path.stem for path in CATALOGUE.glob("*.jsonl")) == sorted(KINDS)


def test_size():
    assert len(ALL) >= 1500
    assert all(ENTRIES.values())


@pytest.mark.parametrize("type_", KINDS)
def test_keys_are_known_typed_and_in_order(type_):
    for entry in ENTRIES[type_]:
        assert [key for key in KEYS if key in entry] == list(entry), entry
        assert isinstance(entry["name"], str), entry
        for key in LISTS:
            if key in entry:
                values = entry[key]
                assert isinstance(values, list), entry
                assert values, entry
                assert all(isinstance(value, str) for value in values), entry
                assert len(set(values)) == len(values), entry


@pytest.mark.parametrize("type_", KINDS)
def test_strings_are_clean(type_):
    for entry in ENTRIES[type_]:
        for text in [entry["name"], *(value for key in LISTS for value in entry.get(key, []))]:
            assert text, entry
            assert text == " ".join(text.split()), entry
            assert text == unicodedata.normalize("NFC", text), entry
            assert normalised(text), entry


@pytest.mark.parametrize("type_", KINDS)
def test_lines_are_sorted_and_written_in_one_way(type_):
    names = [entry["name"] for entry in ENTRIES[type_]]
    assert names == sorted(names, key=lambda name: (name.casefold(), name))
    text = (CATALOGUE / f"{type_}.jsonl").read_text(encoding="utf-8")
    assert text == "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in ENTRIES[type_])


@pytest.mark.parametrize("kind", sorted(set(KINDS.values())))
def test_a_name_belongs_to_one_entry_of_its_kind(kind):
    owner = {}
    for entry in of_kind(kind):
        for text in [entry["name"], *entry.get("aliases", [])]:
            key = normalised(text)
            assert key not in owner, (text, entry["name"], owner[key])
            owner[key] = entry["name"]


@pytest.mark.parametrize("kind", sorted(set(KINDS.values())))
def test_every_parent_exists_in_its_kind(kind):
    names = {entry["name"] for entry in of_kind(kind)}
    for entry in of_kind(kind):
        for parent in entry.get("family", []):
            assert parent in names, (entry["name"], parent)


@pytest.mark.parametrize("kind", sorted(set(KINDS.values())))
def test_families_have_no_cycle_and_no_shortcut(kind):
    parents = {entry["name"]: entry.get("family", []) for entry in of_kind(kind)}
    ancestors = {}

    def above(name, path=()):
        assert name not in path, f"cycle: {' < '.join([*path, name])}"
        if name not in ancestors:
            found = set()
            for parent in parents[name]:
                found |= {parent} | above(parent, (*path, name))
            ancestors[name] = found
        return ancestors[name]

    for name, direct in parents.items():
        above(name)
        for parent in direct:
            shortcut = any(parent in above(other) for other in direct if other != parent)
            assert not shortcut, (name, parent)


@pytest.mark.parametrize("type_", KINDS)
def test_years_and_arxiv_ids_are_plausible(type_):
    for entry in ENTRIES[type_]:
        if "year" in entry:
            assert type(entry["year"]) is int, entry
            assert 1950 <= entry["year"] <= 2026, entry
        if "arxiv_id" in entry:
            match = re.fullmatch(r"(\d\d)(0[1-9]|1[0-2])\.(\d{4,5})", entry["arxiv_id"])
            assert match, entry
            assert len(match[3]) == (5 if int(match[1]) >= 15 else 4), entry
            assert abs(entry["year"] - (2000 + int(match[1]))) <= 2, entry


@pytest.mark.parametrize("type_", KINDS)
def test_ambiguous_strings_are_of_their_entry(type_):
    for entry in ENTRIES[type_]:
        assert set(entry.get("ambiguous", [])) <= {entry["name"], *entry.get("aliases", [])}, entry


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("system", "BERT", "RoBERTa"),
        ("system", "chain-of-thought", "chain-of-thought prompting"),
        ("system", "GPT-3", "GPT-4"),
        ("system", "Llama 2", "Llama 3"),
        ("system", "Orca", "Orca 2"),
        ("system", "reinforcement learning", "inverse reinforcement learning"),
        ("resource", "AIME", "AIME24"),
        ("resource", "BBH", "BIG-bench"),
        ("resource", "CIFAR-10", "CIFAR-100"),
        ("resource", "ImageNet", "ImageNet-1K"),
        ("metric", "mAP", "AP"),
        ("robot", "UR5", "UR5e"),
        ("robot", "Unitree Go1", "Unitree Go2"),
    ],
)
def test_look_alikes_are_two_entries(kind, one, other):
    names = [entry["name"] for entry in of_kind(kind)]
    assert one in names
    assert other in names


@pytest.mark.parametrize(
    ("kind", "name", "alias"),
    [
        ("system", "chain-of-thought", "CoT"),
        ("system", "ACT", "Action Chunking with Transformers"),
        ("system", "Orca", "Orca 1"),
        ("resource", "COCO", "MS COCO"),
        ("resource", "DeepMind Control Suite", "DMControl"),
        ("resource", "Open X-Embodiment", "OXE"),
        ("robot", "Hello Robot Stretch", "Stretch robot"),
    ],
)
def test_well_known_other_names(kind, name, alias):
    (entry,) = [entry for entry in of_kind(kind) if entry["name"] == name]
    assert alias in entry["aliases"]


@pytest.mark.parametrize(
    ("name", "ancestor"),
    [
        ("GPT-4", "language model"),
        ("OpenVLA", "vision-language-action model"),
        ("DAgger", "imitation learning"),
        ("Diffusion Policy", "imitation learning"),
        ("ResNet-50", "convolutional neural network"),
        ("PPO", "reinforcement learning"),
    ],
)
def test_families_reach_up(name, ancestor):
    parents = {entry["name"]: entry.get("family", []) for entry in of_kind("system")}
    todo, seen = [name], set()
    while todo:
        for parent in parents[todo.pop()]:
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    assert ancestor in seen
