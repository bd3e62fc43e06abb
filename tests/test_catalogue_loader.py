"""The catalogue's loader: entries, the user's own file, and errors that name file and line."""

import json
from pathlib import Path

import pytest

from kg.catalogue import Catalogue, CatalogueEntry, load_catalogue
from kg.errors import InputError


def write(folder: Path, *lines: object) -> Path:
    path = folder / "own.jsonl"
    text = "".join(x if isinstance(x, str) else json.dumps(x) + "\n" for x in lines)
    path.write_text(text, encoding="utf-8")
    return path


def find(catalogue: Catalogue, name: str) -> CatalogueEntry:
    (entry,) = [entry for entry in catalogue.entries if entry.name == name]
    return entry


def test_load_catalogue_reads_every_field_of_an_own_entry(tmp_path: Path) -> None:
    line = {
        "name": "Zorblax",
        "type": "Model",
        "aliases": ["ZBX", "Zorblax net"],
        "family": "glimmer model",
        "year": 2031,
        "arxiv_id": "3101.00001",
        "ambiguous": ["ZBX"],
    }
    entry = find(load_catalogue(write(tmp_path, line)), "Zorblax")
    assert entry == CatalogueEntry(
        name="Zorblax",
        type="Model",
        aliases=("ZBX", "Zorblax net"),
        families=("glimmer model",),
        year=2031,
        arxiv_id="3101.00001",
        ambiguous=("ZBX",),
    )
    assert entry.names == ("Zorblax", "ZBX", "Zorblax net")


def test_load_catalogue_takes_ambiguous_true_as_all_names(tmp_path: Path) -> None:
    line = {"name": "Zorblax", "type": "Model", "aliases": ["ZBX"], "ambiguous": True}
    assert find(load_catalogue(write(tmp_path, line)), "Zorblax").ambiguous == ("Zorblax", "ZBX")


def test_load_catalogue_adds_to_a_known_entry(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"name": "Zorblax", "type": "Model", "aliases": ["ZBX"], "family": "a", "year": 2030},
        {"name": "Zorblax", "type": "Model", "aliases": ["Zorb"], "family": ["b", "c"]},
    )
    entry = find(load_catalogue(path), "Zorblax")
    assert (entry.aliases, entry.families, entry.year) == (("ZBX", "Zorb"), ("b", "c"), 2030)


def test_load_catalogue_digest_changes_with_any_entry(tmp_path: Path) -> None:
    line = {"name": "Zorblax", "type": "Model"}
    digests = {
        load_catalogue().digest,
        load_catalogue(write(tmp_path, line)).digest,
        load_catalogue(write(tmp_path, line | {"year": 2030})).digest,
        load_catalogue(write(tmp_path, line | {"aliases": ["ZBX"]})).digest,
    }
    assert len(digests) == 4


def test_catalogue_is_the_same_in_any_order_of_entries() -> None:
    one = CatalogueEntry(name="Zorblax", type="Model")
    two = CatalogueEntry(name="Quux", type="Dataset")
    assert Catalogue(entries=(one, two)) == Catalogue(entries=(two, one))


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{oops\n", "not a JSON object"),
        ("[1]\n", "not a JSON object"),
        ({"type": "Model"}, "name is None"),
        ({"name": " ", "type": "Model"}, "name is ' '"),
        ({"name": "Zorblax"}, "type is None"),
        ({"name": "Zorblax", "type": "Paper"}, "type is 'Paper'"),
        ({"name": "Zorblax", "type": "Model", "alias": "x"}, "unknown field 'alias'"),
        ({"name": "Zorblax", "type": "Model", "aliases": 3}, "aliases is 3"),
        ({"name": "Zorblax", "type": "Model", "aliases": [""]}, "aliases is ''"),
        ({"name": "Zorblax", "type": "Model", "year": "2024"}, "year is '2024'"),
        ({"name": "Zorblax", "type": "Model", "year": True}, "year is True"),
        ({"name": "Zorblax", "type": "Model", "ambiguous": ["Q"]}, "ambiguous lists 'Q'"),
    ],
)
def test_load_catalogue_error_names_file_and_line(tmp_path: Path, line: object, part: str) -> None:
    path = write(tmp_path, {"name": "Fine", "type": "Model"}, "\n", line)
    with pytest.raises(InputError) as caught:
        load_catalogue(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert part in str(caught.value)


def test_load_catalogue_refuses_a_name_of_two_entries(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"name": "Zorblax", "type": "Model", "aliases": ["ZBX"]},
        {"name": "Zebrabox", "type": "Model", "aliases": ["ZBX"]},
    )
    with pytest.raises(InputError, match=r"own\.jsonl:2: 'ZBX' is a name of"):
        load_catalogue(path)


def test_load_catalogue_lets_two_entries_share_an_ambiguous_name(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"name": "Zorblax", "type": "Model", "aliases": ["ZBX"], "ambiguous": ["ZBX"]},
        {"name": "Zebrabox", "type": "Model", "aliases": ["ZBX"], "ambiguous": ["ZBX"]},
    )
    assert find(load_catalogue(path), "Zebrabox").aliases == ("ZBX",)


def test_load_catalogue_says_when_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_catalogue(tmp_path / "none.jsonl")
