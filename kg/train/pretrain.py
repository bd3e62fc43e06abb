"""Continued masked-language training of the encoder on unlabelled abstracts.

Whole words are masked (Devlin et al. 2019; Gururangan et al. 2020 continue on a field's texts).
"""

import json
import logging
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  # PyTorch's own name

from kg.extract.neural.pieces import CLS, SEP, piece_cutter
from kg.extract.neural.words import split_words
from kg.train.examples import piece_rows
from kg.train.network import Encoder, load_encoder, to_bert

__all__ = ["MASKED", "PretrainSettings", "pretrain"]

logger = logging.getLogger(__name__)

MASKED = 0.18
"""Share of the words that are hidden."""
_LOG_EVERY = 20
Ints = NDArray[np.int64]
Text = tuple[NDArray[np.int32], NDArray[np.int32]]
"""Pieces with their two marks, and the word of each (0 for a mark)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainSettings:
    """Settings of one run; `tokens` is the most pieces of a batch."""

    output: Path
    epochs: float = 1.0
    tokens: int = 8192
    rate: float = 5e-4
    n_warm_steps: int = 200
    seed: int = 1
    device: str = "cpu"
    n_workers: int = 2
    save_every_s: float = 300.0


class MaskedLanguageModel(nn.Module):  # type: ignore[misc]  # PyTorch is optional: untyped without it
    """The encoder and a head that names hidden pieces, its last layer tied to the embeddings."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.dense = nn.Linear(encoder.width, encoder.width)
        self.norm = nn.LayerNorm(encoder.width, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(encoder.word.num_embeddings))

    def forward(self, pieces: Tensor, mask: Tensor, hidden: Tensor) -> Tensor:
        """Return logits ``(n_hidden, n_vocabulary)`` of the pieces where `hidden` is true."""
        states = self.encoder.transform(self.encoder.embed(pieces), mask)[hidden]
        guess = self.norm(F.gelu(self.dense(states)))
        return F.linear(guess, self.encoder.word.weight, self.bias)


def pretrain(texts: Iterable[str], encoder: Path, settings: PretrainSettings) -> Path:
    """Train on texts and write a folder of the encoder's Hugging Face files; gives that folder.

    A run that was cut off goes on from the checkpoint in the output folder.
    """
    settings.output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(settings.seed)
    vocabulary = (encoder / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    ids = {piece: k for k, piece in enumerate(vocabulary)}
    cut = piece_rows(piece_cutter(ids), (ids[CLS], ids[SEP]))
    rows = [_row(cut(split_words(text).texts)) for text in texts]
    model = MaskedLanguageModel(load_encoder(encoder)).to(settings.device)
    _Run(model, settings, ids["[MASK]"]).fit(rows)
    for name in ("config.json", "vocab.txt"):
        shutil.copyfile(encoder / name, settings.output / name)
    weights = {k: v.contiguous().cpu() for k, v in to_bert(model.encoder).items()}
    save_file(weights, settings.output / "model.safetensors")
    return settings.output


def _row(cutting: tuple[Ints, Ints, Ints, Ints]) -> Text:
    return cutting[0].astype(np.int32), cutting[1].astype(np.int32)


def _batches(rows: Sequence[Text], tokens: int, rng: np.random.Generator) -> list[list[int]]:
    """Group texts of about the same length so that a padded batch has at most `tokens` pieces."""
    noisy = np.array([len(pieces) for pieces, _ in rows]) + rng.uniform(0, 12, len(rows))
    found: list[list[int]] = [[]]
    for k in np.argsort(noisy).tolist():
        if found[-1] and (len(found[-1]) + 1) * len(rows[k][0]) > tokens:
            found.append([])
        found[-1].append(k)
    return [found[k] for k in rng.permutation(len(found))]


class _Run:
    """The state of a run: optimiser, step, checkpoint."""

    def __init__(self, model: MaskedLanguageModel, settings: PretrainSettings, mask: int) -> None:
        self.model, self.settings, self._mask = model, settings, mask
        plain = [p for p in model.parameters() if p.ndim < 2]
        matrices = [p for p in model.parameters() if p.ndim >= 2]
        groups = [{"params": matrices, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0}]
        self._adam = torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, 0.98))
        self._file = settings.output / "checkpoint.pt"
        self.step = 0

    def fit(self, rows: Sequence[Text]) -> None:
        """Take all steps that are left."""
        self._load()
        saved = begun = time.monotonic()
        total = self._n_steps(rows)
        loss: Tensor | None = None
        with ThreadPoolExecutor(self.settings.n_workers) as pool:
            for batch in self._stream(rows, total):
                found = self._take_step(batch, total, pool)
                loss = found if loss is None else loss.lerp(found, 0.02)
                if self.step % _LOG_EVERY == 0:
                    row = {"step": self.step, "of": total, "loss": round(float(loss), 4)}
                    with (self.settings.output / "log.jsonl").open("a", encoding="utf-8") as log:
                        log.write(json.dumps(row | {"s": round(time.monotonic() - begun)}) + "\n")
                if time.monotonic() - saved > self.settings.save_every_s:
                    self._save()
                    saved = time.monotonic()
        self._save()

    def _n_steps(self, rows: Sequence[Text]) -> int:
        rng = np.random.default_rng([self.settings.seed, 0])
        return round(self.settings.epochs * len(_batches(rows, self.settings.tokens, rng)))

    def _stream(self, rows: Sequence[Text], total: int) -> Iterator[list[Text]]:
        epoch = count = 0
        while count < total:
            rng = np.random.default_rng([self.settings.seed, epoch])
            for batch in _batches(rows, self.settings.tokens, rng):
                if self.step <= count < total:
                    yield [rows[k] for k in batch]
                count += 1
            epoch += 1

    def _take_step(self, batch: list[Text], total: int, pool: ThreadPoolExecutor) -> Tensor:
        n = 1 if self.settings.device != "cpu" else min(self.settings.n_workers, len(batch))
        parameters = [p for p in self.model.parameters() if p.requires_grad]

        def part(k: int) -> tuple[tuple[Tensor | None, ...], Tensor]:
            rng = np.random.default_rng([self.settings.seed, self.step, k])
            loss = self._loss(batch[k::n], rng)
            return torch.autograd.grad(loss, parameters, allow_unused=True), loss.detach()

        done = list(pool.map(part, range(n)))
        for parameter, *found in zip(parameters, *(grads for grads, _ in done), strict=True):
            known = [g for g in found if g is not None]
            parameter.grad = torch.stack(known).sum(0) / n if known else None
        warm, step = self.settings.n_warm_steps, self.step
        share = (step + 1) / warm if step < warm else max(0.01, (total - step) / (total - warm))
        for group in self._adam.param_groups:
            group["lr"] = self.settings.rate * share
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        self._adam.step()
        self.step += 1
        return torch.stack([loss for _, loss in done]).mean()

    def _loss(self, batch: list[Text], rng: np.random.Generator) -> Tensor:
        length = -(-max(len(pieces) for pieces, _ in batch) // 8) * 8
        pieces = np.zeros((len(batch), length), np.int64)
        real = np.zeros(pieces.shape, bool)
        hidden = np.zeros(pieces.shape, bool)
        for k, (row, words) in enumerate(batch):
            chosen = np.append(False, rng.random(words.max()) < MASKED)
            pieces[k, : len(row)], real[k, : len(row)] = row, True
            hidden[k, : len(row)] = chosen[words]
        device = torch.device(self.settings.device)
        target = torch.from_numpy(pieces[hidden]).to(device)
        luck = rng.random(pieces.shape)
        shown = np.where(hidden & (luck < 0.8), self._mask, pieces)
        swapped = hidden & (luck >= 0.9)
        shown[swapped] = rng.integers(1000, self.model.encoder.word.num_embeddings, swapped.sum())
        given = (shown, real[:, None, None, :], hidden)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            logits = self.model(*(torch.from_numpy(x).to(device) for x in given))
        # The mean, where a small batch may hide nothing.
        return F.cross_entropy(logits.float(), target, reduction="sum") / max(1, len(target))

    def _load(self) -> None:
        if self._file.exists():
            saved: dict[str, Any] = torch.load(self._file, weights_only=True)
            self.model.load_state_dict(saved["model"])
            self._adam.load_state_dict(saved["adam"])
            self.step = saved["step"]
            logger.info("%s: goes on after step %d", self._file, self.step)

    def _save(self) -> None:
        part = self._file.with_suffix(".part")
        state = {"model": self.model.state_dict(), "adam": self._adam.state_dict()}
        torch.save({**state, "step": self.step}, part)
        part.replace(self._file)
