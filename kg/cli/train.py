"""`kg train`: train the extraction model."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from kg.cli.options import verbose_option
from kg.cli.render import print_rows

__all__ = ["command"]

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("gold", type=_FOLDER)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder for weights, checkpoint and metrics; a run that was cut off goes on there.",
)
@click.option(
    "--corpus",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Unlabelled abstracts (JSON lines, also .xz) from which terms are counted.",
)
@click.option(
    "--pretrain-epochs",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="How often the encoder first reads the corpus as a masked language model.",
)
@click.option(
    "--silver",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Records that an earlier model read (kg extract, scripts/silver), learnt before GOLD.",
)
@click.option(
    "--teacher",
    "teachers",
    type=_FOLDER,
    multiple=True,
    help="The folder of an earlier run; what these make of the corpus, averaged, is learnt first.",
)
@click.option(
    "--encoder",
    type=_FOLDER,
    help="The BERT to start from (scripts/encoder makes the folder). By default MiniLM, a package.",
)
@click.option(
    "--data",
    type=click.Choice(["gold", "scier", "scierc"]),
    default="gold",
    show_default=True,
    help="What GOLD holds: our annotations, or a public set's train and dev files.",
)
@click.option(
    "--epochs",
    type=click.FloatRange(min=0, min_open=True),
    help="How often to read everything. By default what the data's size asks for.",
)
@click.option("--batch", type=click.IntRange(min=1), default=8, show_default=True)
@click.option(
    "--bf16", is_flag=True, help="Compute in bfloat16: fast where the CPU has AMX or AVX512_BF16."
)
@click.option(
    "--device", default="cpu", show_default=True, help="Where PyTorch computes, such as cuda."
)
@click.option("--seed", type=int, default=1, show_default=True)
@verbose_option
def command(
    gold: Path,
    output: Path,
    corpus: Path | None,
    pretrain_epochs: float,
    silver: Path | None,
    teachers: tuple[Path, ...],
    encoder: Path | None,
    data: str,
    epochs: float | None,
    batch: int,
    bf16: bool,
    device: str,
    seed: int,
    verbose: int,
) -> None:
    """Train on the folder GOLD (train.texts.jsonl, train.gold.jsonl, and dev.* to score).

    It needs the extra: pip install 'papers-kg[train]'. The output folder then holds the weights
    as `kg` runs them, and metrics.json with the figures on a held-back fold and on dev.

    Example: kg train gold -o weights
    """
    from kg.train import TrainSettings
    from kg.train.run import train, train_public_set

    _check_teachers(teachers, corpus)
    settings = TrainSettings(
        gold=gold,
        output=output,
        corpus=corpus,
        pretrain_epochs=pretrain_epochs,
        silver=silver,
        teachers=teachers,
        encoder=encoder,
        batch=batch,
        bf16=bf16,
        device=device,
        seed=seed,
    )
    if epochs is not None:
        settings = replace(settings, epochs=epochs)
    if data == "gold":
        metrics = train(settings)
    else:
        metrics = train_public_set(data, settings, own_epochs=epochs is None)
    print_rows(["part", "measure", "precision", "recall", "f1"], _rows(metrics), "table")


def _check_teachers(teachers: tuple[Path, ...], corpus: Path | None) -> None:
    if teachers and corpus is None:
        message = "--teacher needs --corpus FILE, the unlabelled abstracts that they read"
        raise click.UsageError(message)


def _rows(metrics: Mapping[str, Any]) -> list[list[Any]]:
    return [
        [part, measure, figures["precision"], figures["recall"], figures["f1"]]
        for part in ("fold", "dev")
        for measure, figures in metrics.get(part, {}).items()
        if "f1" in figures
    ]
