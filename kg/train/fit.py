"""The fitting loop: all heads at once, averaged weights, checkpoints from which a run goes on."""

import json
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kg.train.examples import Example
from kg.train.losses import FeatureDropout, batch_loss, batches
from kg.train.network import CHANCE, Network
from kg.train.settings import TrainSettings

__all__ = ["Stage", "fit"]

Stage = tuple[Sequence[Example], float]
"""Examples, and how often to read all of them."""

logger = logging.getLogger(__name__)

_FROZEN = "encoder.word.weight"
_LEAST_RATE = 0.02
_LOG_EVERY = 10


def fit(
    network: Network, stages: Sequence[Stage], drop: FeatureDropout, settings: TrainSettings
) -> dict[str, Tensor]:
    """Fit a network stage after stage and give its weights, averaged over the steps.

    Writes `log.jsonl` and `checkpoint.pt` into the output folder; goes on from a checkpoint there.
    """
    torch.set_num_threads(1)
    run = _Run(network, settings, sum(_n_steps(stage, settings) for stage in stages))
    run.load()
    begin = 0
    with ThreadPoolExecutor(settings.n_workers) as pool:
        for stage in stages:
            for batch in _stream(stage, settings, run.step - begin):
                run.take_step(_gradients(network, batch, drop, run, pool))
            begin += _n_steps(stage, settings)
    run.save()
    return run.weights()


def _n_steps(stage: Stage, settings: TrainSettings) -> int:
    examples, epochs = stage
    return round(epochs * -(-len(examples) // settings.batch))


def _stream(stage: Stage, settings: TrainSettings, first: int) -> Iterator[list[Example]]:
    """Batches from step `first` on: the same ones whether a run was interrupted or not."""
    examples, n_steps = stage[0], _n_steps(stage, settings)
    n_batches = -(-len(examples) // settings.batch)
    for epoch in range(first // n_batches, -(-n_steps // n_batches)):
        rng = np.random.default_rng([settings.seed, epoch])
        for k, batch in enumerate(batches(examples, settings.batch, rng)):
            if first <= epoch * n_batches + k < n_steps:
                yield batch


def _gradients(
    network: Network,
    batch: list[Example],
    drop: FeatureDropout,
    run: "_Run",
    pool: ThreadPoolExecutor,
) -> dict[str, Tensor]:
    """Set the mean gradients of the parts of a batch, each computed by one thread on one core.

    Threads that meet once a step lose less on a busy machine than threads that meet at every
    operation.
    """
    network.train()
    parameters = [p for p in network.parameters() if p.requires_grad]
    n = 1 if run.settings.device != "cpu" else min(run.settings.n_workers, len(batch))

    def part(k: int) -> tuple[tuple[Tensor | None, ...], dict[str, Tensor]]:
        rng = np.random.default_rng([run.settings.seed, run.step, k])
        CHANCE.set(np.random.Generator(np.random.SFC64(rng.integers(2**62))))
        loss, parts = batch_loss(network, batch[k::n], rng, drop, bf16=run.settings.bf16)
        return torch.autograd.grad(loss, parameters, allow_unused=True), parts

    done = list(pool.map(part, range(n)))
    for parameter, *found in zip(parameters, *(grads for grads, _ in done), strict=True):
        known = [g for g in found if g is not None]
        parameter.grad = torch.stack(known).sum(0) / n if known else None
    return {name: torch.stack([p[name] for _, p in done]).mean() for name in done[0][1]}


class _Run:
    """The state of a run: optimiser, averaged weights, step."""

    def __init__(self, network: Network, settings: TrainSettings, n_steps: int) -> None:
        self.network, self.settings, self.n_steps = network, settings, n_steps
        self.step = 0
        self._adam = _optimiser(network, settings)
        self._average = {k: v.clone() for k, v in network.state_dict().items() if k != _FROZEN}
        self._losses: dict[str, Tensor] = {}
        self._file = settings.output / "checkpoint.pt"
        self._saved_at = time.monotonic()

    def load(self) -> None:
        """Go on from the folder's checkpoint, if there is one."""
        if self._file.exists():
            saved: dict[str, Any] = torch.load(self._file, weights_only=True)
            self.network.load_state_dict(saved["network"])
            self._adam.load_state_dict(saved["adam"])
            self._average, self.step = saved["average"], saved["step"]
            logger.info("%s: goes on after step %d", self._file, self.step)

    def save(self) -> None:
        """Write a checkpoint, whole or not at all."""
        part = self._file.with_suffix(".part")
        state: dict[str, Any] = {
            "network": self.network.state_dict(),
            "adam": self._adam.state_dict(),
        }
        state |= {"average": self._average, "step": self.step, "config": self.network.config}
        torch.save(state, part)
        part.replace(self._file)
        self._saved_at = time.monotonic()

    def weights(self) -> dict[str, Tensor]:
        """Return the averaged weights."""
        return {**self.network.state_dict(), **self._average}

    def take_step(self, losses: dict[str, Tensor]) -> None:
        """Move the weights along their gradients and average them."""
        settings = self.settings
        share = _slope(self.step, self.n_steps, settings.n_warm_steps)
        for group in self._adam.param_groups:
            group["lr"] = group["peak"] * share
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._adam.step()
        self.step += 1
        decay = min(settings.average_decay, (1 + self.step) / (20 + self.step))
        now = self.network.state_dict()
        for name, value in self._average.items():
            value.lerp_(now[name], 1 - decay)
        for name, loss in losses.items():
            self._losses[name] = 0.95 * self._losses.get(name, loss) + 0.05 * loss
        if self.step % _LOG_EVERY == 0:
            self._log()
        if time.monotonic() - self._saved_at > settings.save_every_s:
            self.save()

    def _log(self) -> None:
        row = {"step": self.step, "of": self.n_steps}
        losses = {name: round(float(loss), 4) for name, loss in self._losses.items()}
        with (self.settings.output / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row | losses) + "\n")


def _slope(step: int, n_steps: int, n_warm: int) -> float:
    """Share of the peak learning rate: linear up, then linear down."""
    if step < n_warm:
        return (step + 1) / n_warm
    return max(_LEAST_RATE, (n_steps - step) / max(n_steps - n_warm, 1))


def _optimiser(network: Network, settings: TrainSettings) -> torch.optim.AdamW:
    """AdamW with a high rate for what is new, and no decay of the encoder's vectors."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        old = name.startswith("encoder.") and name != "encoder.features.weight"
        rate = settings.encoder_rate if old else settings.head_rate
        decay = 0.0 if old and parameter.ndim < 2 else 0.01
        groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": parameters, "lr": rate, "peak": rate, "weight_decay": decay}
            for (rate, decay), parameters in groups.items()
        ]
    )
