"""Where the strings of a batch of abstracts stand: the index arrays that the heads gather by."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kg.extract.neural.candidates import (
    N_ENTITY_FEATURES,
    N_PAIR_FEATURES,
    entity_features,
    member_table,
    pair_features,
)
from kg.train.examples import Example

__all__ = ["Layout", "Strings", "lay_out", "moved"]

Ints = NDArray[np.int64]
Strings = tuple[Ints, Ints, int]
"""One abstract's spans ``(S, 2)``, the entity that owns each, in order, and the number of those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`S` spans, `E` entities and `P` ordered pairs of entities of one abstract, of a whole batch.

    Spans are words of their abstract; entities and spans are numbered through the batch.
    """

    borders: Tensor
    """``(S, 2)``: first and last words."""
    span_text: Tensor
    """``(S,)``: the abstract of each span."""
    members: Tensor
    """``(E, most)``: the spans of each entity, -1 where it has fewer."""
    entity_text: Tensor
    entity_features: Tensor
    ends: Tensor
    """``(P, 2)``: head and tail."""
    near: Tensor
    """``(P, 2)``: their nearest spans."""
    pair_features: Tensor


def moved(rows: Any, device: torch.device) -> Any:
    """Copy a tensor, or all the tensors of a dataclass, to a device."""
    if isinstance(rows, Tensor):
        return rows.to(device, non_blocking=True)
    if not is_dataclass(rows):
        return rows
    kind: Any = type(rows)
    return kind(**{f.name: moved(getattr(rows, f.name), device) for f in fields(rows)})


def lay_out(batch: Sequence[Example], strings: Sequence[Strings]) -> Layout:
    """Give numbers to the spans, entities and pairs of a batch, abstract after abstract."""
    none = np.zeros((0, 2), np.int64)
    columns: dict[str, list[NDArray[np.generic]]] = {
        "borders": [none],
        "span_text": [none[:, 0]],
        "members": [none[:, :1]],
        "entity_text": [none[:, 0]],
        "entity_features": [np.zeros((0, N_ENTITY_FEATURES), np.float32)],
        "ends": [none],
        "near": [none],
        "pair_features": [np.zeros((0, N_PAIR_FEATURES), np.float32)],
    }
    n_spans = n_entities = 0
    for text, (example, (spans, owner, n)) in enumerate(zip(batch, strings, strict=True)):
        if not n:
            continue
        places, features = pair_features(spans, owner, n, example.sentence)
        members = member_table(owner, n)
        rows = {
            "borders": spans,
            "span_text": np.full(len(spans), text),
            "members": np.where(members < 0, -1, members + n_spans),
            "entity_text": np.full(n, text),
            "entity_features": entity_features(
                spans, owner, n, len(example.tags), example.title_words
            ),
            "ends": np.stack(np.divmod(np.arange(n * n), n), axis=1) + n_entities,
            "near": places + n_spans,
            "pair_features": features,
        }
        for name, row in rows.items():
            columns[name].append(row)
        n_spans, n_entities = n_spans + len(spans), n_entities + n
    most = max(table.shape[1] for table in columns["members"])
    columns["members"] = [
        np.pad(t, ((0, 0), (0, most - t.shape[1])), constant_values=-1) for t in columns["members"]
    ]
    return Layout(**{name: torch.from_numpy(np.concatenate(c)) for name, c in columns.items()})
