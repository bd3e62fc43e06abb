"""Only what is said is a fact: a table of sentences, written for this test."""

import pytest

WIN, EVEN, EVAL, TRAIN, PART, ROBOT = (
    "OUTPERFORMS", "COMPARED_WITH", "evaluation", "training", "component", "platform",
)  # fmt: skip

STATED = {
    "active": ("[Zed|Model] outperforms [Kay|Model] on [Quiz|Benchmark].", ("Zed", WIN, "Kay")),
    "active plural": ("[Zed|Model] and [Abe|Model] surpass [Kay|Model].", ("Abe", WIN, "Kay")),
    "list of beaten": (
        "[Zed|Model] beats strong baselines such as [Kay|Model], [Abe|Model] and [Lou|Model].",
        ("Zed", WIN, "Lou"),
    ),
    "family, then examples": (
        "[Zed|Model] outperforms [imitation learning|Method] methods, such as [Kay|Method]"
        " and [Abe|Method].",
        ("Zed", WIN, "Abe"),
    ),
    "passive": ("[Kay|Model] is clearly outperformed by [Zed|Model].", ("Zed", WIN, "Kay")),
    "passive, perfect": ("[Kay|Model] has been surpassed by [Zed|Model].", ("Zed", WIN, "Kay")),
    "falls behind": ("[Kay|Model] falls behind [Zed|Model] on long texts.", ("Zed", WIN, "Kay")),
    "lags far behind": ("[Kay|Model] lags far behind [Zed|Model].", ("Zed", WIN, "Kay")),
    "underperforms": ("[Kay|Model] underperforms [Zed|Model].", ("Zed", WIN, "Kay")),
    "inferior": ("[Kay|Model] is inferior to [Zed|Model].", ("Zed", WIN, "Kay")),
    "worse": ("[Kay|Model] performs worse than [Zed|Model].", ("Zed", WIN, "Kay")),
    "better": ("[Zed|Model] performs significantly better than [Kay|Model].", ("Zed", WIN, "Kay")),
    "more accurate": ("[Zed|Method] is more accurate than [Kay|Method].", ("Zed", WIN, "Kay")),
    "relative clause": (
        "We study [Zed|Model], which outperforms [Kay|Model].", ("Zed", WIN, "Kay"),
    ),
    "gain over": ("[Zed|Model] shows consistent gains over [Kay|Model].", ("Zed", WIN, "Kay")),
    "parity": ("[Zed|Model] is on par with [Kay|Model].", ("Zed", EVEN, "Kay")),
    "comparable": ("[Zed|Model] performs comparably to [Kay|Model].", ("Zed", EVEN, "Kay")),
    "matches": ("[Zed|Model] matches [Kay|Model] with less data.", ("Zed", EVEN, "Kay")),
    "trailing": ("[Zed|Model] is strong, while trailing behind [Kay|Model].", ("Zed", EVEN, "Kay")),
    "does not outperform": ("[Zed|Model] does not outperform [Kay|Model].", ("Zed", EVEN, "Kay")),
    "never beats": ("[Zed|Model] never beats [Kay|Model].", ("Zed", EVEN, "Kay")),
    "not only": (
        "[Zed|Model] not only outperforms [Kay|Model] but is also cheaper.", ("Zed", WIN, "Kay"),
    ),
    "basis of": ("[Kay|Model] is the basis of [Zed|Model].", ("Zed", PART, "Kay")),
    "built on": ("[Zed|Model] is built on [Kay|Model].", ("Zed", PART, "Kay")),
    "used by": ("[Kay|Method] is used by [Zed|Model].", ("Zed", PART, "Kay")),
    "combines": ("[Zed|Method] combines [Kay|Method] and [Abe|Method].", ("Zed", PART, "Abe")),
    "evaluated, passive": (
        "[Zed|Model] was evaluated on [Quiz|Benchmark] and [Exam|Benchmark].", ("Zed", EVAL, "Exam"),  # noqa: E501
    ),
    "evaluated, active": ("We evaluate [Zed|Model] on [Quiz|Benchmark].", ("Zed", EVAL, "Quiz")),
    "used to evaluate": (
        "[Quiz|Benchmark] is used to evaluate [Zed|Model].", ("Zed", EVAL, "Quiz"),
    ),
    "trained on": ("[Zed|Model] is trained on [Pile|Dataset].", ("Zed", TRAIN, "Pile")),
    "pretrained on": ("[Zed|Model] was pretrained on [Pile|Dataset].", ("Zed", TRAIN, "Pile")),
    "deployed": ("[Zed|Method] is deployed on a [Spot|Robot] robot.", ("Zed", ROBOT, "Spot")),
    "extends": ("[Zed|Method] extends [Kay|Method] to video.", ("Zed", "EXTENDS", "Kay")),
    "variant": ("[Zed|Method] is a variant of [Kay|Method].", ("Zed", "EXTENDS", "Kay")),
    "extended by": ("[Kay|Method] is extended by [Zed|Method].", ("Zed", "EXTENDS", "Kay")),
    "such as": (
        "[Vision models|Model|vision model] such as [Zed|Model] and [Kay|Model] are slow.",
        ("Kay", "IS_A", "vision model"),
    ),
    "and other": (
        "[Zed|Model] and other [vision models|Model|vision model] are slow.",
        ("Zed", "IS_A", "vision model"),
    ),
    "addresses": ("[Zed|Method] addresses [parsing|Task].", ("Zed", "ADDRESSES", "parsing")),
}  # fmt: skip

NOT_STATED = {
    "never evaluated": "[Zed|Model] was never evaluated on [Quiz|Benchmark].",
    "not evaluated on a list": "[Zed|Model] was not evaluated on [Quiz|Benchmark] or [Exam|Benchmark].",  # noqa: E501
    "could be applied": "[Zed|Method] could be applied to [parsing|Task].",
    "might be tested": "[Zed|Method] might be tested on [Quiz|Benchmark].",
    "future work": "In future work, we will evaluate [Zed|Model] on [Quiz|Benchmark].",
    "plan to": "We plan to train [Zed|Model] on [Pile|Dataset].",
    "leave for": "We leave an evaluation of [Zed|Model] on [Quiz|Benchmark] for later.",
    "whether": "It is unclear whether [Zed|Model] outperforms [Kay|Model].",
    "if": "If [Zed|Model] outperforms [Kay|Model], nobody has noticed.",
    "would": "[Zed|Model] would outperform [Kay|Model] with more data.",
    "without": "[Zed|Model] works without [Kay|Method].",
    "does not use": "[Zed|Model] does not use [Kay|Method].",
    "instead of": "[Zed|Model] is trained with rewards instead of [Kay|Method].",
    "rather than": "[Zed|Model] relies on search rather than [Kay|Method].",
    "cannot solve": "[Zed|Model] cannot solve [parsing|Task].",
    "not trained": "[Zed|Model] is not trained on [Pile|Dataset].",
    "no training": "[Zed|Model] needs no [Kay|Method].",
    "not deployed": "[Zed|Method] has not been deployed on the [Spot|Robot].",
    "not an extension": "[Zed|Method] is not an extension of [Kay|Method].",
    "fails to": "[Zed|Model] fails to address [parsing|Task].",
}

DIRECTED = (
    "active",
    "passive",
    "falls behind",
    "inferior",
    "better",
    "basis of",
    "used by",
    "extended by",
)


@pytest.mark.parametrize("case", STATED)
def test_statement_gives_its_fact(case: str, read_marked, triples) -> None:
    sentence, fact = STATED[case]
    assert fact in triples(read_marked(sentence))


@pytest.mark.parametrize("case", DIRECTED)
def test_statement_keeps_its_direction(case: str, read_marked, triples) -> None:
    sentence, (head, kind, tail) = STATED[case]
    assert (tail, kind, head) not in triples(read_marked(sentence))


@pytest.mark.parametrize("case", ["does not outperform", "never beats", "parity", "trailing"])
def test_comparison_without_a_winner_gives_no_win(case: str, read_marked, triples) -> None:
    sentence, _ = STATED[case]
    assert not [fact for fact in triples(read_marked(sentence)) if fact[1] == WIN]


@pytest.mark.parametrize("case", NOT_STATED)
def test_what_is_denied_or_supposed_gives_no_fact(case: str, read_marked, triples) -> None:
    facts = triples(read_marked(NOT_STATED[case]))
    assert {fact for fact in facts if fact[1] != "INTRODUCES"} == set()
