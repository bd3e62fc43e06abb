"""Two thesauri, two catalogues: what is there wins, and joining twice adds nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalogue import load_catalogue
from kg.decisions import Arrival, join_catalogues, join_thesauri
from kg.errors import InputError
from kg.schema import Kind
from kg.thesaurus import Thesaurus, ThesaurusRule

NAMES = ("Orchid", "Tulip", "Rose", "Lily", "orchid")


def _rule(*names: str, kind: str = "") -> ThesaurusRule:
    return ThesaurusRule(names=names, kind=kind)


def _merges(*rules: ThesaurusRule) -> Thesaurus:
    return Thesaurus(merges=rules)


def _splits(*rules: ThesaurusRule) -> Thesaurus:
    return Thesaurus(splits=rules)


@pytest.mark.parametrize(
    ("there", "coming", "left_out"),
    [
        (_splits(_rule("A1x", "B2y")), _merges(_rule("A1x", "C3z")), []),
        (_splits(_rule("A1x", "B2y")), _merges(_rule("B2y", "A1x")), ["merge [B2y, A1x]"]),
        (
            _splits(_rule("A1x", "B2y")),
            _merges(_rule("C3z", "A1x", "B2y")),
            ["merge [C3z, A1x, B2y]"],
        ),
        (_splits(_rule("CoT", "Tulip")), _merges(_rule("cot", "tulip")), ["merge [cot, tulip]"]),
        (
            Thesaurus(merges=(_rule("A1x", "C3z"),), splits=(_rule("A1x", "B2y"),)),
            _merges(_rule("B2y", "C3z")),
            ["merge [B2y, C3z]"],
        ),
        (
            _splits(_rule("A1x", "B2y", kind="robot")),
            _merges(_rule("A1x", "B2y", kind="system")),
            [],
        ),
        (
            _splits(_rule("A1x", "B2y", kind="robot")),
            _merges(_rule("A1x", "B2y")),
            ["merge [A1x, B2y]"],
        ),
        (_merges(_rule("A1x", "B2y")), _splits(_rule("A1x", "B2y")), ["split [A1x, B2y]"]),
        (
            _merges(_rule("A1x", "B2y"), _rule("B2y", "C3z")),
            _splits(_rule("A1x", "C3z", kind="task")),
            ["split [A1x, C3z] (task)"],
        ),
    ],
    ids=[
        "none", "turned", "inside", "spelling", "through another", "other kind", "every kind",
        "split", "split of a chain",
    ],
)  # fmt: skip
def test_rule_that_contradicts_is_left_out(
    there: Thesaurus, coming: Thesaurus, left_out: list[str]
) -> None:
    arrival = Arrival()
    joined = join_thesauri(there, coming, arrival)
    assert arrival.left_out == left_out
    n_rules = len(coming.merges) + len(coming.splits)
    assert arrival.n_added == n_rules - len(left_out)
    assert set(there.merges) <= set(joined.merges)
    assert set(there.splits) <= set(joined.splits)


_pairs = st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True)
_kinds = st.sampled_from(["", Kind.SYSTEM.value, Kind.TASK.value])
_thesauri = st.builds(
    Thesaurus,
    merges=st.lists(
        st.builds(
            ThesaurusRule,
            names=st.lists(st.sampled_from(NAMES), min_size=2, unique=True).map(tuple),
            kind=_kinds,
        ),
        max_size=3,
    ).map(tuple),
    splits=st.lists(st.builds(ThesaurusRule, names=_pairs.map(tuple), kind=_kinds), max_size=3).map(
        tuple
    ),
)


@given(_thesauri, _thesauri)
def test_joining_twice_adds_nothing_and_loses_nothing(there: Thesaurus, coming: Thesaurus) -> None:
    once = join_thesauri(there, coming, Arrival())
    again = Arrival()
    assert join_thesauri(once, coming, again) == once
    assert again.n_added == 0
    assert set(there.merges) <= set(once.merges)
    assert set(there.splits) <= set(once.splits)


def _line(**fields: object) -> str:
    return json.dumps({"type": "Model"} | fields)


def test_catalogue_lines_of_one_entry_are_joined_and_what_is_there_wins() -> None:
    there = _line(name="Orchid", year=2024) + "\n"
    coming = _line(name="Orchid", aliases=["OrchidLM"], year=2020) + "\n"
    arrival = Arrival()
    joined = join_catalogues(there, coming, arrival)
    [entry] = [entry for entry in load_catalogue(text=joined).entries if entry.name == "Orchid"]
    assert (entry.aliases, entry.year, arrival.n_added) == (("OrchidLM",), 2024, 1)
    again = Arrival()
    assert join_catalogues(joined, coming, again) == joined
    assert (again.n_added, again.left_out) == (0, [])


def test_catalogue_line_that_cannot_stand_beside_the_others_is_left_out() -> None:
    there = _line(name="Orchid", aliases=["FlowerNet"])
    good, bad = _line(name="Rose"), _line(name="Tulip", aliases=["FlowerNet"])
    arrival = Arrival()
    joined = join_catalogues(there, f"{bad}\n{good}\n", arrival)
    assert arrival.left_out == [f"catalogue entry {bad}"]
    assert set(joined.split("\n")) == {there, good, ""}
    assert join_catalogues(joined, f"{bad}\n{good}\n", Arrival()) == joined


def test_catalogue_that_is_broken_is_an_error() -> None:
    with pytest.raises(InputError, match="catalogue:1"):
        join_catalogues("nonsense", _line(name="Rose"), Arrival())
