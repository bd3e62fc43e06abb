"""Why two names are one, or what keeps them apart; and the pair test."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from kg.catalogue import Catalogue, CatalogueEntry, load_catalogue
from kg.cli import root
from kg.errors import InputError
from kg.resolve.explain import Judge, explain
from kg.resolve.knowledge import know
from kg.resolve.pairs import NamePair, evaluate_pairs, read_pairs
from kg.schema import Label
from kg.thesaurus import Thesaurus, ThesaurusRule

EMPTY = Catalogue()
COT = CatalogueEntry(name="chain-of-thought", type=Label.METHOD, aliases=("CoT",))
OWN = Path(__file__).with_name("pairs.tsv")


def test_explain_names_the_guard_between_two_versions() -> None:
    found = explain("GPT-3", "GPT-4", EMPTY, Thesaurus())
    assert (found.joined, found.guard) == (False, "numbers differ: '3' and '4'")


def test_explain_gives_the_chain_through_the_catalogue() -> None:
    found = explain("CoT", "chain of thoughts", Catalogue(entries=(COT,)), Thesaurus())
    assert found.joined
    assert [join.rule for join in found.chain] == ["catalogue"]


def test_explain_gives_the_shared_key_of_two_spellings() -> None:
    (reason,) = explain("DINO-v2", "DINOv2", EMPTY, Thesaurus()).chain
    assert (reason.rule, reason.evidence) == ("spelling", "both have the key 'dino 2'")


def test_explain_takes_initials_unless_the_catalogue_knows_better() -> None:
    long = "constraint tightening"
    assert explain("CT", long, EMPTY, Thesaurus()).joined
    other = CatalogueEntry(name="curve tracing", type=Label.METHOD, aliases=("CT",))
    assert not explain("CT", long, Catalogue(entries=(other,)), Thesaurus()).joined


def test_explain_says_that_two_entries_are_two() -> None:
    entries = tuple(CatalogueEntry(name=name, type=Label.MODEL) for name in ("Vorn", "Quax"))
    found = explain("Vorn", "Quax", Catalogue(entries=entries), Thesaurus())
    assert found.guard == "the catalogue knows 'Vorn' and 'Quax' as two"


def test_explain_says_that_two_kinds_are_two() -> None:
    entries = (
        CatalogueEntry(name="Vorn", type=Label.ROBOT),
        CatalogueEntry(name="Vorn set", type=Label.DATASET),
    )
    found = explain("Vorn", "Vorn set", Catalogue(entries=entries), Thesaurus())
    assert "as a robot" in str(found.guard)


def test_explain_honours_the_thesaurus() -> None:
    rule = ThesaurusRule(names=("GPT-3", "GPT-4"))
    assert explain("GPT-3", "GPT-4", EMPTY, Thesaurus(merges=(rule,))).joined
    split = Thesaurus(splits=(ThesaurusRule(names=("DINOv2", "DINO-v2")),))
    found = explain("DINOv2", "DINO-v2", EMPTY, split)
    assert (found.joined, found.guard) == (False, "the thesaurus splits them")


def test_explain_uses_the_joins_of_a_graph(build: Any, make: SimpleNamespace) -> None:
    graph = build(
        make.record("1", make.entity("QZX", Label.METHOD, "QZX", "quick zonal exchange")),
        make.record("2", make.entity("Quick Zonal Exchanges")),
    )
    judge = Judge(knowledge=know(EMPTY, Thesaurus()))
    found = judge.explain("QZX", "quick zonal exchange", graph.joins)
    assert found.joined
    assert "such as 1" in found.chain[0].evidence
    assert not judge.explain("QZX", "quick zonal exchange", ()).joined


def test_evaluate_pairs_counts_both_sides() -> None:
    pairs = [
        NamePair(a="DINOv2", b="DINO-v2", same=True),
        NamePair(a="GPT-3", b="GPT-4", same=True),
        NamePair(a="GPT-3", b="GPT-4", same=False),
        NamePair(a="RL", b="reinforcement learning", same=False),
    ]
    score = evaluate_pairs(pairs, EMPTY, Thesaurus())
    assert (score.yes, score.yes_joined, score.no, score.no_apart) == (2, 1, 2, 1)
    assert [(e.a, e.joined) for e in score.errors] == [("GPT-3", False), ("RL", True)]


def test_own_pairs_are_judged_rightly() -> None:
    score = evaluate_pairs(read_pairs(OWN), load_catalogue(), Thesaurus())
    assert score.no_apart == score.no, [(e.a, e.b, e.chain) for e in score.errors if e.joined]
    assert score.yes_joined >= 0.97 * score.yes, [(e.a, e.b) for e in score.errors]


def test_general_rules_alone_join_most_pairs() -> None:
    score = evaluate_pairs(read_pairs(OWN), EMPTY, Thesaurus())
    assert score.yes_joined >= 0.9 * score.yes
    assert score.no_apart >= 0.99 * score.no


def test_shared_pairs_are_judged_rightly(shared: Path) -> None:
    score = evaluate_pairs(read_pairs(shared / "gold/pairs.tsv"), load_catalogue(), Thesaurus())
    assert score.no_apart == score.no, [(e.a, e.b, e.chain) for e in score.errors if e.joined]
    assert score.yes_joined >= 0.95 * score.yes, [(e.a, e.b) for e in score.errors]


@pytest.mark.parametrize("line", ["A\tB", "A\tB\tmaybe", "\tB\tyes", "A B yes"])
def test_read_pairs_error_names_the_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(f"a\tb\tsame\n# a note\n\nX\tY\tyes\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"pairs\.tsv:5: .* is no pair"):
        list(read_pairs(path))


def test_read_pairs_says_when_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read_pairs(tmp_path / "none.tsv"))


def test_evaluate_pairs_command_prints_the_counts(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("DINOv2\tDINO-v2\tyes\nGPT-3\tGPT-4\tyes\nT5\tT6\tno\n", encoding="utf-8")
    result = CliRunner().invoke(root, ["evaluate", "--pairs", str(path), "--format", "json"])
    found = json.loads(result.stdout)
    counts = {name: found[name] for name in ("yes", "yes_joined", "no", "no_apart")}
    assert counts == {"yes": 2, "yes_joined": 1, "no": 1, "no_apart": 1}
    assert [error["a"] for error in found["errors"]] == ["GPT-3"]
