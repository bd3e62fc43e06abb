"""What a batch of abstracts costs: tags, numbers, types, roles and pairs at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # PyTorch's own name

from kg.extract.neural.candidates import (
    entity_features,
    member_table,
    pair_features,
    propose,
    span_probabilities,
)
from kg.extract.neural.labels import PAIR_LABELS
from kg.train.examples import UNSURE, Example
from kg.train.network import Network

__all__ = ["WEIGHTS", "FeatureDropout", "batch_loss", "batches", "known_loss"]

WEIGHTS: Mapping[str, float] = {"tag": 1.0, "number": 0.1, "type": 0.4, "role": 0.5, "pair": 0.5}
"""How much each head counts; a head's loss is a mean over its words, numbers or entities."""
_N_NEGATIVES = 8
_PROPOSED = 0.05
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDropout:
    """Groups of feature columns that are zeroed for a whole abstract, each at a rate."""

    groups: tuple[slice, ...]
    rate: float

    def __call__(self, features: Floats, rng: np.random.Generator) -> Floats:
        """Return a copy of the features, some groups of it zeroed."""
        left = features.copy()
        for group in self.groups:
            if rng.random() < self.rate:
                left[:, group] = 0
        return left


def batches(
    examples: Sequence[Example], size: int, rng: np.random.Generator
) -> Iterator[list[Example]]:
    """Yield one epoch in batches of abstracts of about the same length, in random order."""
    order = rng.permutation(len(examples))
    pools = [order[k : k + 40 * size] for k in range(0, len(order), 40 * size)]
    found: list[list[int]] = []
    for pool in pools:
        ranked = sorted(pool.tolist(), key=lambda k: len(examples[k].pieces))
        found += [ranked[k : k + size] for k in range(0, len(ranked), size)]
    for k in rng.permutation(len(found)):
        yield [examples[i] for i in found[k]]


def pad(rows: Sequence[NDArray[np.generic]]) -> Tensor:
    """Stack rows of different length as one tensor, filled up with zeros."""
    out = np.zeros((len(rows), max(len(r) for r in rows), *rows[0].shape[1:]), rows[0].dtype)
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    return torch.from_numpy(out)


def encode(
    network: Network, batch: Sequence[Example], features: Sequence[Floats], *, bf16: bool = False
) -> tuple[Tensor, Tensor, Tensor]:
    """Compute states of the pieces, of the words, and tag logits of a batch.

    With `bf16` the encoder computes in bfloat16; its weights and the heads stay in float32.
    """
    pieces, feats = pad([e.pieces for e in batch]), pad(features)
    mask = torch.zeros(pieces.shape, dtype=torch.bool)
    for k, example in enumerate(batch):
        mask[k, : len(example.pieces)] = True
    word_of_piece = pad([e.word_of_piece for e in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        states = network.encoder(pieces, feats, word_of_piece, mask[:, None, None, :]).float()
    ends = pad([e.first_piece for e in batch]), pad([e.last_piece for e in batch])
    words = network.words(states, feats, *ends)
    return states, words, network.tags(words)


def with_negatives(
    example: Example, log_tags: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, int]:
    """Join the gold spans and those that the tags wrongly propose, as further entities."""
    rows = [(o, *s) for o, s in zip(example.owner.tolist(), example.spans.tolist(), strict=True)]
    gold = {row[1:] for row in rows}
    n = len(example.types)
    found, probability = propose(span_probabilities(log_tags), _PROPOSED)
    weight = probability.sum(1)
    order = np.argsort(-(weight + 0.3 * rng.random(len(weight))))
    numbers: dict[tuple[str, ...], int] = {}
    for first, last in found[order[: 6 * _N_NEGATIVES]].tolist():
        string = tuple(w.lower() for w in example.words[first : last + 1])
        full = string not in numbers and len(numbers) >= _N_NEGATIVES
        unsure = (example.tags[first : last + 1] == UNSURE).any()
        if (first, last) not in gold and not full and not unsure:
            rows.append((n + numbers.setdefault(string, len(numbers)), first, last))
    table = np.array(sorted(rows), np.int64).reshape(-1, 3)
    return table[:, 1:], table[:, 0], n + len(numbers)


def document_loss(
    network: Network,
    example: Example,
    encoded: tuple[Tensor, Tensor, Floats],
    rng: np.random.Generator,
) -> tuple[dict[str, Tensor], int]:
    """Sum the losses of one abstract's strings and pairs; also the number of entities."""
    document, words, log_tags = encoded
    spans, owner, n_entities = with_negatives(example, log_tags, rng)
    if not n_entities:
        return {}, 0
    n = len(example.types)
    borders = torch.from_numpy(spans)
    states = network.spans(words, borders)
    features = entity_features(spans, owner, n_entities, len(example.tags), example.title_words)
    members = torch.from_numpy(member_table(owner, n_entities))
    entities = network.entities(states, members, torch.from_numpy(features), document)
    types = torch.zeros(n_entities, dtype=torch.long)
    types[:n] = torch.from_numpy(example.types) + 1
    roles = torch.zeros(n_entities, example.roles.shape[1])
    roles[:n] = torch.from_numpy(example.roles)
    places, features = pair_features(spans, owner, n_entities, example.sentence)
    near = torch.from_numpy(places), torch.from_numpy(features)
    logits = network.pairs(words, (states, borders), entities, near)
    target = np.zeros((n_entities, n_entities, len(PAIR_LABELS)), np.float32)
    for (head, tail), labels in example.pairs.items():
        target[head, tail, list(labels)] = 1
    for head, tail, label in example.unsure_pairs:
        target[head, tail, label] = np.nan
    stated = torch.from_numpy(target.reshape(n_entities**2, -1))
    losses = {
        "type": F.cross_entropy(entities[1], types, reduction="sum"),
        "role": known_loss(entities[2], roles),
        "pair": known_loss(logits, stated),
    }
    return losses, n_entities


def known_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Sum the cross entropy of the labels that are known; NaN is not known."""
    known = ~labels.isnan()
    return F.binary_cross_entropy_with_logits(logits[known], labels[known], reduction="sum")


def batch_loss(
    network: Network,
    batch: Sequence[Example],
    rng: np.random.Generator,
    drop: FeatureDropout,
    *,
    bf16: bool = False,
) -> tuple[Tensor, dict[str, float]]:
    """Compute the weighted loss of a batch, and its parts."""
    states, words, tags = encode(network, batch, [drop(e.features, rng) for e in batch], bf16=bf16)
    log_tags = tags.detach().log_softmax(-1).numpy()
    sums = {name: torch.zeros(()) for name in WEIGHTS}
    counts = dict.fromkeys(WEIGHTS, 0)
    for k, example in enumerate(batch):
        n = len(example.tags)
        wanted = torch.from_numpy(example.tags)
        sums["tag"] = sums["tag"] + F.cross_entropy(tags[k, :n], wanted, reduction="sum")
        counts["tag"] += n
        digits = torch.from_numpy(np.flatnonzero(example.numbers >= 0))
        logits = network.numbers(words[k, digits])
        kinds = torch.from_numpy(example.numbers)[digits]
        sums["number"] = sums["number"] + F.cross_entropy(logits, kinds, reduction="sum")
        counts["number"] += len(digits)
        encoded = states[k, 0], words[k, :n], log_tags[k, :n]
        losses, n_entities = document_loss(network, example, encoded, rng)
        for name, loss in losses.items():
            sums[name] = sums[name] + loss
            counts[name] += n_entities
    parts = {name: WEIGHTS[name] * sums[name] / max(counts[name], 1) for name in WEIGHTS}
    total = torch.stack(list(parts.values())).sum()
    return total, {name: float(part.detach()) for name, part in parts.items()}
