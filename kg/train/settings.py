"""What a training run is told: data, sizes, rates. Every run writes them beside its weights."""

from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["FOLD_SHARE", "TrainSettings"]

FOLD_SHARE = 300 / 3424
"""The share of the annotated abstracts that is held back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSettings:
    """Settings of one run.

    `gold` is a folder with `train.texts.jsonl` and `train.gold.jsonl`, and `dev.*` where there is a
    development part; `corpus` is a file of unlabelled abstracts (JSON lines with title and
    abstract, `.xz` or plain), from which the term counts come, or `None`; on it the encoder is
    first trained as a masked language model, `pretrain_epochs` epochs. `silver` is a file of
    records as `kg extract` or `scripts/silver` prints them, made by an earlier model:
    `silver_epochs` epochs of them and the gold together come before `epochs` of the gold alone
    (self-training). `teachers` are folders of earlier runs with the same word pieces: what they
    make of the corpus, averaged, is learnt in that same first stage (distillation). `encoder` is a
    folder of a BERT's Hugging Face files (config.json, model.safetensors, vocab.txt); `None` is the
    packaged MiniLM. `device` is where PyTorch computes.
    """

    gold: Path
    output: Path
    corpus: Path | None = None
    silver: Path | None = None
    teachers: tuple[Path, ...] = ()
    encoder: Path | None = None
    seed: int = 1
    epochs: float = 4.6
    pretrain_epochs: float = 0.0
    silver_epochs: float = 1.0
    batch: int = 8
    n_warm_steps: int = 100
    encoder_rate: float = 2.5e-4
    head_rate: float = 1e-3
    average_decay: float = 0.995
    feature_dropout: float = 0.12
    dropout: float = 0.1
    fold_share: float = FOLD_SHARE
    bf16: bool = False
    device: str = "cpu"
    n_workers: int = 2
    save_every_s: float = 300.0

    def as_json(self) -> dict[str, str | int | float | None]:
        """Return the settings that decide the weights, as a JSON object; folders are left out."""
        left_out = {"gold", "output", "corpus", "silver", "teachers", "encoder", "n_workers"}
        left_out |= {"device", "save_every_s"}
        return {name: value for name, value in asdict(self).items() if name not in left_out}
