"""What a batch of abstracts costs: tags, numbers, types, roles and pairs at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # PyTorch's own name

from kg.extract.neural.candidates import propose, span_probabilities
from kg.extract.neural.labels import PAIR_LABELS, TYPES
from kg.train.examples import UNSURE, Example
from kg.train.layout import Layout, Strings, lay_out, moved
from kg.train.network import N_TAGS, Network

__all__ = [
    "WEIGHTS",
    "FeatureDropout",
    "Inputs",
    "Targets",
    "batch_loss",
    "batches",
    "encode",
    "gather",
    "known_loss",
    "loss_of",
]

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

    def __call__(self, features: NDArray[np.floating], rng: np.random.Generator) -> Floats:
        """Return a copy of the features, some groups of it zeroed."""
        left = features.astype(np.float32)
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
    """Stack rows of different length as one tensor, filled up with zeros.

    To a multiple of eight rows: attention kernels ask for that.
    """
    longest = -(-max(len(r) for r in rows) // 8) * 8
    out = np.zeros((len(rows), longest, *rows[0].shape[1:]), rows[0].dtype)
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    return torch.from_numpy(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """A batch as the encoder takes it: `B` abstracts, `L` pieces, `W` words, filled up."""

    pieces: Tensor
    features: Tensor
    word_of_piece: Tensor
    mask: Tensor
    """``(B, 1, 1, L)``: true where there is a piece."""
    first: Tensor
    last: Tensor


def gather(batch: Sequence[Example], features: Sequence[Floats]) -> Inputs:
    """Fill up a batch's rows."""
    pieces = pad([e.pieces for e in batch])
    mask = torch.zeros(pieces.shape, dtype=torch.bool)
    for k, example in enumerate(batch):
        mask[k, : len(example.pieces)] = True
    return Inputs(
        pieces=pieces,
        features=pad(features),
        word_of_piece=pad([e.word_of_piece for e in batch]),
        mask=mask[:, None, None, :],
        first=pad([e.first_piece for e in batch]),
        last=pad([e.last_piece for e in batch]),
    )


def encode(
    network: Network, inputs: Inputs, *, bf16: bool = False
) -> tuple[Tensor, Tensor, Tensor]:
    """Compute the states of the opening marks, the words, and the tags' logits of a batch.

    With `bf16` the encoder computes in bfloat16; its weights and the heads stay in float32.
    """
    given = inputs.pieces, inputs.features, inputs.word_of_piece, inputs.mask
    with torch.autocast(inputs.pieces.device.type, dtype=torch.bfloat16, enabled=bf16):
        states = network.encoder(*given).float()
    words = network.words(states, inputs.features, inputs.first, inputs.last)
    return states[:, 0], words, network.tags(words)


def with_negatives(example: Example, log_tags: Floats, rng: np.random.Generator) -> Strings:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What a batch's heads should say, as probabilities; rows of zeros and NaN teach nothing."""

    layout: Layout
    tags: Tensor
    """``(B, W, n_tags)``."""
    numbers: Tensor
    """``(B, W, 3)``."""
    types: Tensor
    roles: Tensor
    pairs: Tensor
    n_words: int
    n_numbers: int


def targets_of(batch: Sequence[Example], strings: Sequence[Strings]) -> Targets:
    """Say what the heads should say of these strings."""
    stated = [_stated(e, n) for e, (_, _, n) in zip(batch, strings, strict=True)]
    tags, numbers, *others = zip(*stated, strict=True)
    types, roles, pairs = (torch.from_numpy(np.concatenate(rows)) for rows in others)
    return Targets(
        layout=lay_out(batch, strings),
        tags=pad(tags),
        numbers=pad(numbers),
        types=types,
        roles=roles,
        pairs=pairs,
        n_words=sum(len(e.tags) for e in batch),
        n_numbers=sum(int((e.numbers >= 0).sum()) for e in batch),
    )


def _stated(example: Example, n_entities: int) -> tuple[Floats, ...]:
    """Tags, numbers, types, roles and pairs of one abstract."""
    n_pairs = n_entities**2
    pairs = np.zeros((n_pairs, len(PAIR_LABELS)), np.float32)
    taught = example.taught
    if taught is not None:
        where, values = taught.pairs
        pairs.reshape(-1)[where] = values
        rows = taught.tags, taught.numbers, taught.types, taught.roles
        tags, numbers, types, roles = (row.astype(np.float32) for row in rows)
        return tags, numbers * (example.numbers >= 0)[:, None], types, roles, pairs
    n = len(example.types)
    types = np.zeros((n_entities, 1 + len(TYPES)), np.float32)
    types[np.arange(n), 1 + example.types] = 1
    types[n:, 0] = 1
    roles = np.zeros((n_entities, example.roles.shape[1]), np.float32)
    roles[:n] = example.roles
    for (head, tail), labels in example.pairs.items():
        pairs[head * n_entities + tail, list(labels)] = 1
    for head, tail, label in example.unsure_pairs:
        pairs[head * n_entities + tail, label] = np.nan
    return _one_hot(example.tags, N_TAGS), _one_hot(example.numbers, 3), types, roles, pairs


def _one_hot(classes: Ints, n: int) -> Floats:
    """One row for each class; a negative one gives zeros."""
    rows = np.zeros((len(classes), n), np.float32)
    known = np.flatnonzero(classes >= 0)
    rows[known, classes[known]] = 1
    return rows


def known_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Sum the cross entropy of the labels that are known; NaN is not known."""
    known = ~labels.isnan()
    losses = F.binary_cross_entropy_with_logits(logits, labels.nan_to_num(), reduction="none")
    return (losses * known).sum()


def _class_loss(logits: Tensor, shares: Tensor) -> Tensor:
    return -(logits.log_softmax(-1) * shares).sum()


def loss_of(
    network: Network, encoded: tuple[Tensor, Tensor, Tensor], targets: Targets
) -> tuple[Tensor, dict[str, Tensor]]:
    """Compute the weighted loss of an encoded batch, and its parts."""
    documents, words, tags = encoded
    n_entities = len(targets.types)
    sums = {
        "tag": _class_loss(tags, targets.tags) / targets.n_words,
        "number": _class_loss(network.numbers(words), targets.numbers) / max(targets.n_numbers, 1),
    }
    if n_entities:
        types, roles, pairs = network.judge(words, documents, targets.layout)
        sums["type"] = _class_loss(types, targets.types) / n_entities
        sums["role"] = known_loss(roles, targets.roles) / n_entities
        sums["pair"] = known_loss(pairs, targets.pairs) / n_entities
    parts = {name: WEIGHTS[name] * value for name, value in sums.items()}
    nothing = tags.new_zeros(())
    return torch.stack(list(parts.values())).sum(), {
        name: parts.get(name, nothing).detach() for name in WEIGHTS
    }


def batch_loss(
    network: Network,
    batch: Sequence[Example],
    rng: np.random.Generator,
    drop: FeatureDropout,
    *,
    bf16: bool = False,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Compute the weighted loss of a batch, and its parts, where the network is."""
    device = network.span.weight.device
    inputs = moved(gather(batch, [drop(e.features, rng) for e in batch]), device)
    encoded = encode(network, inputs, bf16=bf16)
    log_tags = encoded[2].detach().log_softmax(-1).cpu().numpy()
    strings = [
        (e.spans, e.owner, len(e.taught.types))
        if e.taught is not None
        else with_negatives(e, log_tags[k, : len(e.tags)], rng)
        for k, e in enumerate(batch)
    ]
    return loss_of(network, encoded, moved(targets_of(batch, strings), device))
