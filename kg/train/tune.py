"""Fit how the heads' opinions combine, on held-back abstracts: weights, biases, thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import InputError
from kg.extract.neural.combine import Combiner
from kg.extract.neural.heads import Judged, Reading, spans_of
from kg.extract.neural.labels import ROLES, TYPES
from kg.extract.neural.links import (
    KINDS,
    N_LINK_FEATURES,
    PossibleLink,
    choose,
    introduced_entities,
    introduction_features,
    introductions,
    possible_links,
)
from kg.extract.neural.mentions import Draft, Scored, draft, settle
from kg.extract.neural.model import NeuralModel
from kg.extract.neural.words import Words
from kg.records import PAPER
from kg.schema import RelationType
from kg.train.gold import (
    Fact,
    Row,
    abbreviations_of,
    align,
    full_text,
    mention_spans,
    sentences_of,
    stated,
)
from kg.train.logistic import best_threshold, fit_logistic

__all__ = ["HeldBack", "as_record", "judge_confidence", "open_documents", "predict", "tune"]

Vote = tuple[Sequence[float] | NDArray[np.float64], int, float]
"""Features, label, and the share of the cases in which it is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A held-back abstract: its text, its gold annotation and what the model makes of it."""

    text: str
    row: Row
    gold: Row
    spans: Mapping[tuple[int, int], tuple[str, str]]
    facts: frozenset[Fact]
    words: Words
    reading: Reading
    drafted: Draft


def open_documents(model: NeuralModel, rows: Sequence[tuple[Row, Row]]) -> list[HeldBack]:
    """Run the encoder and the string heads over (text, annotation) rows."""
    found = []
    for row, gold in rows:
        text = full_text(row)
        opened = model.read(text, sentences_of(text))
        if opened is None:
            continue
        drafted = draft(text, *opened, model.heads, abbreviations_of(text))
        if drafted is not None:
            found.append(
                HeldBack(
                    text=text,
                    row=row,
                    gold=gold,
                    spans=mention_spans(text, gold["entities"]),
                    facts=frozenset(stated(gold)),
                    words=opened[0],
                    reading=opened[1],
                    drafted=drafted,
                )
            )
    return found


def tune(docs: Sequence[HeldBack], model: NeuralModel) -> dict[str, Combiner]:
    """Fit the combinations one after another, each on what the ones before it accept."""
    votes = [vote for doc in docs for vote in _mention_votes(doc)]
    mention = _fitted(votes, len(TYPES))
    trials = [replace(mention, threshold=round(t, 2)) for t in np.arange(0.24, 0.61, 0.04).tolist()]
    combiners = {"mention": max(trials, key=lambda trial: _mention_f1(docs, trial))}
    judged = _judged(docs, model, combiners["mention"])
    votes = [vote for case in judged for vote in _introduction_votes(*case)]
    n_gold = sum(fact[1] == RelationType.INTRODUCES for doc in docs for fact in doc.facts)
    introduces = _fitted(votes, len(TYPES))
    scored = _scored(introduces, votes)
    combiners["introduces"] = replace(introduces, threshold=best_threshold(scored, n_gold))
    return combiners | _links_fitted(judged, combiners["introduces"], model)


def predict(doc: HeldBack, model: NeuralModel, combiners: Mapping[str, Combiner]) -> dict[str, Any]:
    """Read off what the model says with these combinations, in the gold format."""
    entities = settle(doc.drafted, combiners["mention"])
    if not entities:
        return as_record(doc.gold["id"], entities, [])
    judged = model.heads.judge(doc.reading, *spans_of([e.spans for e in entities]))
    introduced = introduced_entities(entities, judged, combiners["introduces"])
    links = introductions(entities, judged, introduced)
    links += choose(possible_links(entities, judged, introduced, model.ends), combiners)
    return as_record(doc.gold["id"], entities, links)


def as_record(
    doc_id: str, entities: Sequence[Scored], links: Sequence[tuple[PossibleLink, float]]
) -> dict[str, Any]:
    """Entities and scored links in the format of the gold annotations."""
    return {
        "id": doc_id,
        "entities": [
            {
                "id": f"e{k}",
                "name": min(e.strings, key=len),
                "type": str(TYPES[e.type]),
                "mentions": list(e.strings),
            }
            for k, e in enumerate(entities)
        ],
        "relations": [
            {
                "head": PAPER if link.head is None else f"e{link.head}",
                "type": str(ROLES[link.label][0]),
                "role": None if ROLES[link.label][1] is None else str(ROLES[link.label][1]),
                "tail": f"e{link.tail}",
                "confidence": score,
            }
            for link, score in links
        ],
        "results": [],
    }


def judge_confidence(
    doc: HeldBack, record: Mapping[str, Any], mention: Combiner
) -> tuple[list[tuple[float, bool]], list[tuple[float, bool]]]:
    """List the (confidence, whether right) of each mention and of each relation that was read."""
    mentions = [
        (score, doc.spans.get(span, ("",))[0] == TYPES[e.type])
        for e in settle(doc.drafted, mention)
        for places, score in zip(e.places, e.scores, strict=True)
        for span in ((doc.words.starts[a], doc.words.ends[b]) for a, b in places)
    ]
    names = align(doc.gold, [e["mentions"] for e in record["entities"]])
    found = dict(zip((e["id"] for e in record["entities"]), names, strict=True)) | {PAPER: PAPER}
    relations = []
    for r in record["relations"]:
        ends = found[r["head"]], found[r["tail"]]
        if r["type"] == RelationType.COMPARED_WITH:
            ends = (min(ends), max(ends))
        relations.append((r["confidence"], (ends[0], r["type"], r["role"], ends[1]) in doc.facts))
    return mentions, relations


def _mention_votes(doc: HeldBack) -> list[Vote]:
    """Each string with the share of its places that are gold mentions of its type.

    Places inside a longer gold mention do not count: a surer string will take them.
    """
    inner = np.zeros(len(doc.text), dtype=np.int64)
    for number, (a, b) in enumerate(doc.spans, start=1):
        inner[a:b] = number
    borders = [(0, 0), *doc.spans]
    votes: list[Vote] = []
    for k, candidate in enumerate(doc.drafted.candidates):
        spans = [(doc.words.starts[a], doc.words.ends[b]) for a, b in candidate.places]
        around = [borders[inner[a]] for a, _ in spans]
        free = [s for s, (a, b) in zip(spans, around, strict=True) if s == (a, b) or s[1] > b]
        kind = TYPES[doc.drafted.types[k]]
        hits = sum(doc.spans[span][0] == kind for span in free if span in doc.spans)
        share = hits / len(free) if free else 0.0
        votes.append((doc.drafted.features[k], int(doc.drafted.types[k]), share))
    return votes


def _mention_f1(docs: Sequence[HeldBack], combiner: Combiner) -> float:
    hits = both = 0
    for doc in docs:
        gold = {(span, kind) for span, (kind, _) in doc.spans.items()}
        found = {
            ((doc.words.starts[a], doc.words.ends[b]), str(TYPES[e.type]))
            for e in settle(doc.drafted, combiner)
            for a, b in e.spans
        }
        hits += len(gold & found)
        both += len(gold) + len(found)
    return 2 * hits / max(both, 1)


Case = tuple[HeldBack, list[Scored], Judged, list[str]]


def _judged(docs: Sequence[HeldBack], model: NeuralModel, mention: Combiner) -> list[Case]:
    cases = []
    for doc in docs:
        entities = settle(doc.drafted, mention)
        if entities:
            judged = model.heads.judge(doc.reading, *spans_of([e.spans for e in entities]))
            names = align(doc.gold, [e.strings for e in entities])
            cases.append((doc, entities, judged, names))
    return cases


def _introduction_votes(
    doc: HeldBack, entities: list[Scored], judged: Judged, names: list[str]
) -> list[Vote]:
    features = introduction_features(entities, judged)
    kind = str(RelationType.INTRODUCES)
    return [
        (features[k], e.type, float((PAPER, kind, None, names[k]) in doc.facts))
        for k, e in enumerate(entities)
    ]


def _links_fitted(
    cases: Sequence[Case], introduces: Combiner, model: NeuralModel
) -> dict[str, Combiner]:
    votes: dict[int, list[Vote]] = {kind: [] for kind in range(1, len(KINDS))}
    for doc, entities, judged, names in cases:
        introduced = introduced_entities(entities, judged, introduces)
        for link in possible_links(entities, judged, introduced, model.ends):
            hit = float(_fact(link, names) in doc.facts)
            votes[link.kind].append((link.features, link.label, hit))
    fitted = {
        kind: _fitted(rows, len(ROLES)) if rows else _first_head_alone()
        for kind, rows in votes.items()
    }
    scored = [pair for kind, rows in votes.items() for pair in _scored(fitted[kind], rows)]
    threshold = best_threshold(scored, sum(len(case[0].facts) for case in cases))
    return {KINDS[k]: replace(combiner, threshold=threshold) for k, combiner in fitted.items()}


def _fact(link: PossibleLink, names: Sequence[str]) -> Fact:
    head = PAPER if link.head is None else names[link.head]
    tail = names[link.tail]
    kind, role = ROLES[link.label]
    if kind == RelationType.COMPARED_WITH:
        head, tail = sorted((head, tail))
    return (head, str(kind), None if role is None else str(role), tail)


def _fitted(votes: Sequence[Vote], n_labels: int) -> Combiner:
    if not votes:
        message = (
            "the held-back abstracts give nothing to fit thresholds on: no name is found in them;"
            " train on more abstracts (some hundreds) or for more epochs"
        )
        raise InputError(message)
    features, labels, shares = (np.array(column) for column in zip(*votes, strict=True))
    weights, biases = fit_logistic(features, labels, shares, n_labels)
    return Combiner(
        weights=tuple(np.round(weights, 4).tolist()),
        biases=tuple(np.round(biases, 4).tolist()),
        threshold=0.4,
    )


def _first_head_alone() -> Combiner:
    """Return what serves where nothing was held back to learn from."""
    weights = (1.0, *[0.0] * (N_LINK_FEATURES - 1))
    return Combiner(weights=weights, biases=(0.0,) * len(ROLES), threshold=0.5)


def _scored(combiner: Combiner, votes: Sequence[Vote]) -> list[tuple[float, float]]:
    if not votes:
        return []
    features, labels, shares = (np.array(column) for column in zip(*votes, strict=True))
    return list(zip(combiner(features, labels).tolist(), shares.tolist(), strict=True))
