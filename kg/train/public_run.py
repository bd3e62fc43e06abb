"""Train on a public set and score its dev part: NER, Rel (spans) and Rel+ (spans and types)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from kg.extract.neural.candidates import propose, span_probabilities
from kg.extract.neural.pieces import CLS, SEP, piece_cutter
from kg.extract.neural.tables import N_KNOWLEDGE
from kg.extract.neural.words import N_SHAPES
from kg.train.corpus import read_corpus
from kg.train.examples import Example, Table, piece_rows
from kg.train.fit import fit
from kg.train.gold import in_fold
from kg.train.layout import Layout, lay_out
from kg.train.losses import FeatureDropout, encode, gather
from kg.train.network import Network, from_bert
from kg.train.public import PUBLIC_SETS, PublicSet, make_examples, read_public
from kg.train.run import feature_groups, packaged_encoder
from kg.train.settings import TrainSettings
from kg.train.tables import count_terms

__all__ = ["Found", "count_hits", "read_off", "settings_for", "train_public"]

_GRID = tuple(round(0.2 + 0.05 * k, 2) for k in range(9))
_PROPOSED = 0.05
Fact = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the network says of one text: scored spans, and scored links between them."""

    spans: tuple[tuple[float, tuple[int, int], int], ...]
    links: Mapping[tuple[tuple[int, int], tuple[int, int]], tuple[float, int]]


def train_public(name: str, settings: TrainSettings) -> dict[str, Any]:
    """Train on `settings.gold`, the folder of a public set; gives and writes its figures.

    Thresholds are chosen on a tenth of the training texts, which are not learnt from.
    """
    labels = PUBLIC_SETS[name]
    settings.output.mkdir(parents=True, exist_ok=True)
    texts = read_public(settings.gold, "train", labels)
    held = [t for t in texts if in_fold(t.id.rsplit("-", 1)[0], 0.1)]
    learnt = [t for t in texts if not in_fold(t.id.rsplit("-", 1)[0], 0.1)]
    terms = _terms(settings, [(t.text, "") for t in learnt])
    encoder = settings.encoder or packaged_encoder()
    pieces = (encoder / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    ids = {piece: k for k, piece in enumerate(pieces)}
    cut = piece_rows(piece_cutter(ids), (ids[CLS], ids[SEP]))
    examples, names = make_examples(learnt, terms, cut)
    network = from_bert(encoder, N_SHAPES + N_KNOWLEDGE, settings.dropout)
    stage = [e for e in examples if len(e.tags)], settings.epochs
    weights = fit(network, [stage], _dropout(settings), settings)
    network.load_state_dict(weights)
    held_back, _ = make_examples(held, terms, cut, names)
    limits = _best_limits(network, held_back, labels)
    dev, _ = make_examples(read_public(settings.gold, "dev", labels), terms, cut, names)
    metrics = {"data": name, "settings": settings.as_json(), "limits": limits}
    metrics["dev"] = _figures(network, dev, labels, limits)
    text = json.dumps(metrics, indent=1) + "\n"
    (settings.output / "metrics.json").write_text(text, encoding="utf-8")
    return metrics


def _terms(settings: TrainSettings, texts: Sequence[tuple[str, str]]) -> Table:
    counted = count_terms(read_corpus(settings.corpus) if settings.corpus else texts)
    return np.asarray(counted["hashes"], np.uint32), counted["values"]


def _dropout(settings: TrainSettings) -> FeatureDropout:
    return FeatureDropout(groups=feature_groups(), rate=settings.feature_dropout)


def read_off(network: Network, example: Example) -> Found:
    """Score the spans that the tags propose, none over another, and their ordered pairs."""
    network.eval()
    with torch.no_grad():
        documents, words, tags = encode(network, gather([example], [example.features]))
        log_tags = tags[0, : len(example.tags)].log_softmax(-1).numpy()
        borders, tagged = propose(span_probabilities(log_tags), _PROPOSED)
        if not len(borders):
            return Found(spans=(), links={})
        types, _, _ = network.judge(words, documents, _own_entities(example, borders))
        kinds = types.softmax(-1).numpy()
        score = np.sqrt(tagged.sum(1) * (1 - kinds[:, 0]))
        kind = np.argmax(tagged * kinds[:, 1:], axis=1)
        kept = _free(borders, score)
        borders = borders[kept]
        _, _, pairs = network.judge(words, documents, _own_entities(example, borders))
        links = pairs.sigmoid().numpy().reshape(len(kept), len(kept), -1)
    found = [tuple(b) for b in borders.tolist()]
    same = example.sentence[borders[:, 0]][:, None] == example.sentence[borders[:, 0]][None]
    return Found(
        spans=tuple(
            (float(score[k]), span, int(kind[k])) for k, span in zip(kept, found, strict=True)
        ),
        links={
            (found[i], found[j]): (float(links[i, j].max()), int(links[i, j].argmax()))
            for i, j in np.argwhere(same).tolist()
            if i != j
        },
    )


def _own_entities(example: Example, borders: NDArray[np.int64]) -> Layout:
    """Take every span for an entity of its own."""
    return lay_out([example], [(borders, np.arange(len(borders)), len(borders))])


def _free(borders: NDArray[np.int64], score: NDArray[np.float64]) -> list[int]:
    """Choose spans from the surest on, none over another."""
    taken: set[int] = set()
    kept = []
    for k in np.argsort(-score, kind="stable").tolist():
        words = range(int(borders[k, 0]), int(borders[k, 1]) + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(k)
    return sorted(kept)


def count_hits(
    example: Example, found: Found, limits: Mapping[str, float], symmetric: frozenset[int]
) -> dict[str, tuple[int, int, int]]:
    """Count (right, annotated, found) of NER, Rel and Rel+ in one text."""
    gold_spans = [tuple(s) for s in example.spans.tolist()]
    gold_kind = dict(zip(gold_spans, example.types.tolist(), strict=True))
    kind = {span: k for score, span, k in found.spans if score >= limits["span"]}
    gold_links = {
        (gold_spans[h], label, gold_spans[t])
        for (h, t), labels in example.pairs.items()
        for label in labels
    }
    links = {
        (head, label, tail)
        for (head, tail), (score, label) in found.links.items()
        if score >= limits["link"] and head in kind and tail in kind
    }

    def typed(facts: set[Fact], kinds: Mapping[Any, int]) -> set[Fact]:
        return {(h, kinds[h], label, t, kinds[t]) for h, label, t in facts}

    want, got = _ordered(gold_links, symmetric), _ordered(links, symmetric)
    pairs = {
        "NER": (set(gold_kind.items()), set(kind.items())),
        "Rel": (want, got),
        "Rel+": (typed(want, gold_kind), typed(got, kind)),
    }
    return {name: (len(a & b), len(a), len(b)) for name, (a, b) in pairs.items()}


def _ordered(facts: set[Fact], symmetric: frozenset[int]) -> set[Fact]:
    return {
        (min(h, t), label, max(h, t)) if label in symmetric else (h, label, t)
        for h, label, t in facts
    }


def _figures(
    network: Network, examples: Sequence[Example], labels: PublicSet, limits: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    found = [read_off(network, e) if len(e.tags) else Found(spans=(), links={}) for e in examples]
    return _scores(examples, found, labels, limits)


def _scores(
    examples: Sequence[Example],
    found: Sequence[Found],
    labels: PublicSet,
    limits: Mapping[str, float],
) -> dict[str, dict[str, float]]:
    symmetric = frozenset(labels.relations.index(name) for name in labels.symmetric)
    counts = [count_hits(e, f, limits, symmetric) for e, f in zip(examples, found, strict=True)]
    out = {}
    for name in ("NER", "Rel", "Rel+"):
        hit, gold, got = np.array([c[name] for c in counts]).sum(0).tolist()
        out[name] = {
            "precision": round(100 * hit / max(got, 1), 1),
            "recall": round(100 * hit / max(gold, 1), 1),
            "f1": round(200 * hit / max(gold + got, 1), 1),
        }
    return out


def _best_limits(
    network: Network, examples: Sequence[Example], labels: PublicSet
) -> dict[str, float]:
    """Choose thresholds on held-back texts: that of spans by NER, that of links by Rel+."""
    kept = [e for e in examples if len(e.tags)]
    found = [read_off(network, e) for e in kept]

    def f1(limits: Mapping[str, float], name: str) -> float:
        return _scores(kept, found, labels, limits)[name]["f1"]

    span = max(_GRID, key=lambda t: f1({"span": t, "link": 0.4}, "NER"))
    link = max(_GRID, key=lambda t: f1({"span": span, "link": t}, "Rel+"))
    return {"span": span, "link": link}


def settings_for(name: str, settings: TrainSettings) -> TrainSettings:
    """Return the settings with as many epochs as the set's size asks for."""
    return replace(settings, epochs=PUBLIC_SETS[name].epochs)
