import numpy as np
import pytest

from kg.extract.neural.candidates import (
    MAX_WORDS,
    entity_features,
    member_table,
    pair_features,
    propose,
    sentence_numbers,
    span_probabilities,
)
from kg.extract.neural.combine import Combiner, logit
from kg.extract.neural.heads import Judged, spans_of
from kg.extract.neural.labels import PAIR_LABELS, ROLES, TYPES
from kg.extract.neural.links import allowed_ends, choose, introductions, possible_links
from kg.extract.neural.mentions import Draft, Scored, settle
from kg.extract.neural.strings import Candidate, Places, find_candidates, group
from kg.extract.neural.words import split_words
from kg.schema import load_schema

METHOD, TASK = TYPES.index("Method"), TYPES.index("Task")
EVALUATION = PAIR_LABELS.index(("USES", "evaluation"))


def log_tags(tags: list[int], sure: float = 0.98) -> np.ndarray:
    rows = np.full((len(tags), 1 + 2 * len(TYPES)), (1 - sure) / (2 * len(TYPES)))
    rows[np.arange(len(tags)), tags] = sure
    return np.log(rows)


def test_span_probabilities_sees_whole_spans_only() -> None:
    begin, inside = 1 + 2 * METHOD, 2 + 2 * METHOD
    table = span_probabilities(log_tags([0, begin, inside, 0]))
    assert table.shape == (4, MAX_WORDS, len(TYPES))
    spans, types = propose(table, 0.5)
    assert spans.tolist() == [[1, 2]]
    assert types[0].argmax() == METHOD
    assert table[1, 0, METHOD] < 0.05


def test_propose_joins_types_that_share_a_span() -> None:
    rows = np.full((1, 1 + 2 * len(TYPES)), 1e-4)
    rows[0, 1], rows[0, 3] = 0.45, 0.45
    spans, _ = propose(span_probabilities(np.log(rows)), 0.8)
    assert spans.tolist() == [[0, 0]]


def test_places_are_whole_words() -> None:
    text = "ACT and ACTS, ACT_2 (ACT)"
    places = Places(text, split_words(text))
    assert [text.index("ACT"), text.rindex("ACT")] == [
        split_words(text).starts[a] for a, _ in places.of("ACT")
    ]


def test_find_candidates_adds_the_other_form_of_an_abbreviation() -> None:
    text = "behavior cloning (BC) learns"
    table = span_probabilities(log_tags([0, 0, 0, 1 + 2 * METHOD, 0, 0]))
    found = find_candidates(text, split_words(text), table, 0.5, [("behavior cloning", "BC")])
    assert [c.string for c in found] == ["BC", "behavior cloning"]
    assert group(found, [("behavior cloning", "BC")]) == [[0, 1]]


def candidate(string: str, *places: tuple[int, int]) -> Candidate:
    return Candidate(string=string, places=places, probability=0.9, best=0.9, types=(0.0,) * 7)


def test_settle_gives_a_place_to_the_surer_string() -> None:
    drafted = Draft(
        candidates=[candidate("deep learning", (0, 1)), candidate("learning", (1, 1), (5, 5))],
        groups=[[0], [1]],
        types=np.array([METHOD, TASK]),
        features=np.array([[3.0], [2.0]]),
    )
    combiner = Combiner(weights=(1.0,), biases=(0.0,) * 7, threshold=0.5)
    found = settle(drafted, combiner)
    assert [(e.strings, e.spans) for e in found] == [
        (("deep learning",), [(0, 1)]),
        (("learning",), [(5, 5)]),
    ]
    assert settle(drafted, Combiner(weights=(-1.0,), biases=(0.0,) * 7, threshold=0.5)) == []


def test_pair_features_finds_the_nearest_places() -> None:
    spans, owner = spans_of([[(0, 0), (10, 10)], [(12, 13)]])
    places, rows = pair_features(spans, owner, 2, np.array([0] * 9 + [1] * 10))
    assert places.reshape(2, 2, 2)[0, 1].tolist() == [1, 2]
    assert rows.reshape(2, 2, -1)[0, 1, 0] == 1  # the same sentence
    assert member_table(owner, 2).tolist() == [[0, 1], [2, -1]]
    assert entity_features(spans, owner, 2, 20, 5)[:, 2].tolist() == [1, 0]  # in the title


def test_sentence_numbers_follow_the_borders() -> None:
    assert sentence_numbers([0, 4, 9], [(0, 5), (6, 12)]).tolist() == [0, 0, 1]
    assert sentence_numbers([0, 4], []).tolist() == [0, 0]


def entity(kind: str, place: int) -> Scored:
    return Scored(
        strings=(kind,), places=(((place, place),),), scores=(0.9,), type=TYPES.index(kind)
    )


def judged(n: int, roles: dict[tuple[int, int], float], pairs: dict[tuple[int, int, int], float]):
    r = np.full((n, len(ROLES)), 0.001, np.float32)
    p = np.full((n, n, len(PAIR_LABELS)), 0.001, np.float32)
    for key, value in roles.items():
        r[key] = value
    for pair, value in pairs.items():
        p[pair] = value
    places = np.stack(np.meshgrid(np.arange(n), np.arange(n), indexing="ij"), -1)
    return Judged(
        types=np.zeros((n, 8), np.float32), roles=r, span_roles=np.log(r), pairs=p, places=places
    )


PLAIN = Combiner(weights=(1.0, 0.0, 0.0, 0.0, 0.0), biases=(0.0,) * 10, threshold=0.5)
COMBINERS = dict.fromkeys(("introduces", "paper", "introduced", "other"), PLAIN)


def heads_of(kinds: list[str], introduced: dict[int, float], opinion: Judged) -> list[tuple]:
    entities = [entity(kind, place) for place, kind in enumerate(kinds)]
    ends = allowed_ends(load_schema())
    links = choose(possible_links(entities, opinion, introduced, ends), COMBINERS)
    return [(link.head, *ROLES[link.label], link.tail) for link, _ in links]


def test_links_of_a_named_system_have_it_as_head() -> None:
    opinion = judged(2, {(1, 1 + EVALUATION): 0.9}, {(0, 1, EVALUATION): 0.9})
    assert heads_of(["Method", "Benchmark"], {0: 0.9}, opinion) == [(0, "USES", "evaluation", 1)]


@pytest.mark.parametrize("kind", ["Benchmark", "Robot"])
def test_links_of_what_cannot_be_a_head_come_from_the_paper(kind: str) -> None:
    opinion = judged(2, {(1, 1 + EVALUATION): 0.9}, {(0, 1, EVALUATION): 0.9})
    assert heads_of([kind, "Benchmark"], {0: 0.9}, opinion) == [(None, "USES", "evaluation", 1)]


def test_links_that_the_schema_forbids_are_left_out() -> None:
    opinion = judged(2, {(1, 1 + EVALUATION): 0.9}, {(0, 1, EVALUATION): 0.9})
    assert heads_of(["Method", "Task"], {}, opinion) == []


def test_choose_keeps_the_surer_of_winning_and_comparing() -> None:
    beats = PAIR_LABELS.index(("OUTPERFORMS", None))
    compared = PAIR_LABELS.index(("COMPARED_WITH", None))
    opinion = judged(2, {}, {(0, 1, beats): 0.8, (0, 1, compared): 0.7, (1, 0, compared): 0.6})
    assert heads_of(["Method", "Model"], {}, opinion) == [(0, "OUTPERFORMS", None, 1)]


def test_introductions_point_to_the_place_that_says_so() -> None:
    opinion = judged(1, {(0, 0): 0.9}, {})
    [(link, score)] = introductions([entity("Method", 4)], opinion, {0: 0.8})
    assert (link.head, link.tail, link.place, score) == (None, 0, 4, 0.8)


def test_combiner_survives_json() -> None:
    combiner = Combiner(weights=(1.0, -2.0), biases=(0.5,), threshold=0.3)
    assert Combiner.from_json(combiner.as_json()) == combiner
    assert abs(float(logit(0.0))) == pytest.approx(7.0, abs=0.01)
