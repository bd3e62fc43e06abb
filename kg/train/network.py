"""The network in PyTorch: a small BERT over a whole abstract; heads over words, strings, pairs."""

import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  # PyTorch's own name

from kg.extract.neural.candidates import N_ENTITY_FEATURES, N_PAIR_FEATURES
from kg.extract.neural.labels import PAIR_LABELS, ROLES, TYPES
from kg.train.layout import Layout

__all__ = ["CHANCE", "Encoder", "Layer", "Network", "Noise", "from_bert", "load_encoder", "to_bert"]

N_TAGS = 1 + 2 * len(TYPES)
SPAN, ENTITY, PAIR = 256, 256, 160
FIELD = 64


CHANCE: ContextVar[np.random.Generator] = ContextVar("CHANCE")
"""What dropout draws from in this thread: a step depends on the seed and its number alone."""


class Noise(nn.Module):  # type: ignore[misc]  # PyTorch is optional: untyped without it
    """Dropout (Srivastava et al. 2014) that draws from `CHANCE` on a CPU."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Zero some of `x` while training, and scale the rest."""
        if not self.training or not self.rate:
            return x
        if x.is_cuda:
            return F.dropout(x, self.rate)
        # One random byte each: four times as fast as PyTorch's own generator on a CPU.
        drawn = np.frombuffer(bytearray(CHANCE.get().bytes(x.numel())), np.uint8)
        zeroed = round(256 * self.rate)
        return x * (torch.from_numpy(drawn).view(x.shape) >= zeroed) * (256 / (256 - zeroed))


class Layer(nn.Module):  # type: ignore[misc]  # PyTorch is optional: untyped without it
    """One transformer layer (Vaswani et al. 2017), normalised after each half as BERT is."""

    def __init__(self, width: int, inner: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.noise = heads, Noise(dropout)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Transform ``(batch, n_pieces, width)``; `mask` is true where a piece may be looked at."""
        batch, length, width = x.shape
        q, k, v = (
            self.qkv(x)
            .view(batch, length, 3, self.heads, width // self.heads)
            .permute(2, 0, 3, 1, 4)
        )
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        a = a.transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(x + self.noise(self.out(a)))
        h = self.down(F.gelu(self.up(x)))
        return self.norm2(x + self.noise(h))


class Encoder(nn.Module):  # type: ignore[misc]  # PyTorch is optional: untyped without it
    """BERT with a projection of word features added to the embeddings of the word's pieces."""

    def __init__(self, config: Mapping[str, Any], n_features: int, dropout: float) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.width, self.noise = width, Noise(dropout)
        self.word = nn.Embedding(config["vocab_size"], width)
        self.position = nn.Embedding(config["max_position_embeddings"], width)
        self.kind = nn.Parameter(torch.zeros(width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.features = nn.Linear(n_features, width, bias=False)
        nn.init.zeros_(self.features.weight)
        sizes = (width, config["intermediate_size"], config["num_attention_heads"], dropout)
        self.layers = nn.ModuleList(Layer(*sizes) for _ in range(config["num_hidden_layers"]))

    def forward(
        self, pieces: Tensor, features: Tensor, word_of_piece: Tensor, mask: Tensor
    ) -> Tensor:
        """Encode ``pieces`` (batch, n_pieces) with ``features`` (batch, n_words, n_features)."""
        projected = F.pad(self.features(features), (0, 0, 1, 0))
        index = word_of_piece[..., None].expand(-1, -1, self.width)
        return self.transform(self.embed(pieces) + projected.gather(1, index), mask)

    def embed(self, pieces: Tensor) -> Tensor:
        """Look up ``pieces`` (batch, n_pieces): the sum of what stands for each and its place."""
        return self.word(pieces) + self.position.weight[: pieces.shape[1]] + self.kind

    def transform(self, x: Tensor, mask: Tensor) -> Tensor:
        """Run the layers over embeddings ``(batch, n_pieces, width)``."""
        x = self.noise(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Network(nn.Module):  # type: ignore[misc]  # PyTorch is optional: untyped without it
    """Encoder and heads; every head's inputs are rows of words, strings or pairs, never padding."""

    def __init__(self, config: Mapping[str, Any], n_features: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.config = dict(config)
        self.encoder = Encoder(config, n_features, dropout)
        width = self.encoder.width
        self.field = nn.Linear(n_features, FIELD)
        word = width + FIELD
        self.tags = nn.Sequential(Noise(dropout), nn.Linear(word, N_TAGS))
        self.numbers = nn.Linear(word, 3)
        self.span = nn.Linear(3 * word, SPAN)
        self.span_role = nn.Linear(SPAN, len(ROLES))
        self.document = nn.Linear(width, 64)
        self.entity = nn.Linear(2 * SPAN + 64 + N_ENTITY_FEATURES, ENTITY)
        self.entity_norm = nn.LayerNorm(ENTITY)
        self.kind = nn.Linear(ENTITY, 1 + len(TYPES))
        self.role1 = nn.Linear(ENTITY, ENTITY)
        self.role2 = nn.Linear(ENTITY, len(ROLES))
        seen = ENTITY + 2 + len(TYPES)
        self.head_entity = nn.Linear(seen, PAIR)
        self.tail_entity = nn.Linear(seen, PAIR, bias=False)
        self.head_span = nn.Linear(SPAN, PAIR, bias=False)
        self.tail_span = nn.Linear(SPAN, PAIR, bias=False)
        self.between = nn.Linear(width, PAIR, bias=False)
        self.head_key, self.tail_key = nn.Linear(seen, 96), nn.Linear(seen, 96)
        self.product = nn.Linear(96, PAIR, bias=False)
        self.pair_features = nn.Linear(N_PAIR_FEATURES, PAIR, bias=False)
        self.pair = nn.Linear(PAIR, len(PAIR_LABELS))
        self.drop = Noise(dropout)
        for layer, rate in ((self.role2, 0.1), (self.pair, 0.02)):
            nn.init.constant_(layer.bias, torch.logit(torch.tensor(rate)).item())

    def words(self, states: Tensor, features: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """Average the first and the last piece of each word, beside what the tables say of it."""
        ends = [
            states.gather(1, place[..., None].expand(-1, -1, states.shape[-1]))
            for place in (first, last)
        ]
        return torch.cat([(ends[0] + ends[1]) / 2, F.gelu(self.field(features))], -1)

    def judge(self, words: Tensor, documents: Tensor, layout: Layout) -> tuple[Tensor, ...]:
        """Judge the strings of a batch: logits of types, of roles, and of each ordered pair.

        ``words`` is ``(batch, n_words, word)``, ``documents`` ``(batch, width)``. Gives ``(E, 8)``,
        ``(E, n_roles)`` and ``(P, n_labels)``.
        """
        spans = self._spans(words, layout)
        state, types, roles = self._entities(spans, documents, layout)
        return types, roles, self._pairs(words, spans, (state, types, roles), layout)

    def _spans(self, words: Tensor, layout: Layout) -> Tensor:
        first, last = layout.borders.unbind(1)
        ends = (words[layout.span_text, place] for place in (first, last))
        sums = F.pad(words.cumsum(1), (0, 0, 1, 0))
        inside = sums[layout.span_text, last + 1] - sums[layout.span_text, first]
        mean = inside / (last - first + 1)[:, None]
        return self.drop(F.gelu(self.span(torch.cat([*ends, mean], -1))))

    def _entities(self, spans: Tensor, documents: Tensor, layout: Layout) -> tuple[Tensor, ...]:
        """Pool the spans of each entity: its state, its type logits, its role logits."""
        absent = (layout.members < 0)[..., None]
        index = layout.members.clamp(min=0)
        own = spans[index]
        top = own.masked_fill(absent, -1e4).amax(1)
        mean = own.masked_fill(absent, 0.0).sum(1) / (~absent).sum(1)
        document = F.gelu(self.document(documents))[layout.entity_text]
        seen = torch.cat([top, mean, document, layout.entity_features], -1)
        state = self.drop(self.entity_norm(F.gelu(self.entity(seen))))
        best = self.span_role(spans)[index].masked_fill(absent, -1e4).amax(1)
        roles = self.role2(self.drop(F.gelu(self.role1(state)))) + best
        return state, self.kind(state), roles

    def _pairs(
        self, words: Tensor, spans: Tensor, entities: tuple[Tensor, ...], layout: Layout
    ) -> Tensor:
        state, types, roles = entities
        head, tail = layout.ends.unbind(1)
        i, j = layout.near.unbind(1)
        seen = torch.cat([state, types.softmax(-1).detach(), roles[:, :1].sigmoid().detach()], -1)
        sums = F.pad(self.between(words[..., : self.encoder.width]).cumsum(1), (0, 0, 1, 0))
        text, (first, last) = layout.span_text[i], layout.borders.unbind(1)
        left = torch.minimum(last[i], last[j]) + 1
        right = torch.maximum(torch.maximum(first[i], first[j]), left)
        between = (sums[text, right] - sums[text, left]) / (right - left).clamp(min=1)[:, None]
        ends = (
            self.head_entity(seen)[head]
            + self.tail_entity(seen)[tail]
            + self.product(self.head_key(seen)[head] * self.tail_key(seen)[tail])
        )
        local = (
            self.head_span(spans)[i]
            + self.tail_span(spans)[j]
            + between
            + self.pair_features(layout.pair_features)
        )
        return self.pair(self.drop(F.gelu(ends + local)))


def from_bert(folder: Path, n_features: int, dropout: float = 0.1) -> Network:
    """Make a network whose encoder starts from BERT weights in a folder of Hugging Face files."""
    config = json.loads((folder / "config.json").read_text())
    network = Network(config, n_features, dropout)
    _fill(network.encoder, load_file(folder / "model.safetensors"))
    network.encoder.word.weight.requires_grad_(False)
    return network


def load_encoder(folder: Path) -> Encoder:
    """Make an encoder, without word features or dropout, from a folder of Hugging Face files."""
    encoder = Encoder(json.loads((folder / "config.json").read_text()), 1, 0.0)
    _fill(encoder, load_file(folder / "model.safetensors"))
    return encoder


def to_bert(encoder: Encoder) -> dict[str, Tensor]:
    """Name an encoder's weights as BERT's are named in Hugging Face files."""
    state = encoder.state_dict()
    kind = state["kind"]
    weights = {"embeddings.token_type_embeddings.weight": torch.stack([kind, kind])}
    for old, new in _names(len(encoder.layers)):
        if _QKV in old:
            parts = state[new].chunk(3)
            for part, value in zip(_QKV_PARTS, parts, strict=True):
                weights[old.replace(_QKV, part)] = value
        else:
            weights[old] = state[new]
    return weights


_QKV = "attention.self.qkv"
_QKV_PARTS = tuple(f"attention.self.{x}" for x in ("query", "key", "value"))


def _fill(encoder: Encoder, found: Mapping[str, Tensor]) -> None:
    weights = {k.removeprefix("bert."): v for k, v in found.items()}
    new = encoder.state_dict()
    new["kind"] = weights["embeddings.token_type_embeddings.weight"][0]
    for old, name in _names(len(encoder.layers)):
        if _QKV in old:
            new[name] = torch.cat([weights[old.replace(_QKV, part)] for part in _QKV_PARTS])
        else:
            new[name] = weights[old]
    encoder.load_state_dict(new)


def _names(n_layers: int) -> Iterator[tuple[str, str]]:
    """Pair BERT's names of weights with ours; the three of a layer's attention are one."""
    yield "embeddings.word_embeddings.weight", "word.weight"
    yield "embeddings.position_embeddings.weight", "position.weight"
    inner = {
        _QKV: "qkv",
        "attention.output.dense": "out",
        "attention.output.LayerNorm": "norm1",
        "intermediate.dense": "up",
        "output.dense": "down",
        "output.LayerNorm": "norm2",
    }
    for part in ("weight", "bias"):
        yield f"embeddings.LayerNorm.{part}", f"norm.{part}"
        for k in range(n_layers):
            for old, new in inner.items():
                yield f"encoder.layer.{k}.{old}.{part}", f"layers.{k}.{new}.{part}"
