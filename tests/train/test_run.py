"""The whole way from annotated abstracts to weights, with an encoder of two small layers."""

import json
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.errors import InputError
from kg.train.gold import in_fold
from kg.train.settings import TrainSettings

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'papers-kg[train]'"
)
pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("default")]

NAMES = ("Orca", "Lynx", "Heron", "Tapir", "Otter", "Ibis")


@pytest.fixture(scope="module")
def encoder(small_bert: dict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("encoder")
    letters = string.ascii_lowercase + string.digits + string.punctuation
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{c}" for c in letters)]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n")
    config = small_bert | {"vocab_size": len(pieces)}
    (folder / "config.json").write_text(json.dumps(config))
    torch.manual_seed(0)
    save_file(_bert(config), folder / "model.safetensors")
    return folder


def _bert(config: dict) -> dict:
    width, inner = config["hidden_size"], config["intermediate_size"]
    shapes = {
        "embeddings.word_embeddings.weight": (config["vocab_size"], width),
        "embeddings.position_embeddings.weight": (512, width),
        "embeddings.token_type_embeddings.weight": (2, width),
        "embeddings.LayerNorm.weight": (width,),
        "embeddings.LayerNorm.bias": (width,),
    }
    for k in range(config["num_hidden_layers"]):
        for name, size in (
            ("attention.self.query", (width, width)),
            ("attention.self.key", (width, width)),
            ("attention.self.value", (width, width)),
            ("attention.output.dense", (width, width)),
            ("attention.output.LayerNorm", (width,)),
            ("intermediate.dense", (inner, width)),
            ("output.dense", (width, inner)),
            ("output.LayerNorm", (width,)),
        ):
            shapes[f"encoder.layer.{k}.{name}.weight"] = size
            shapes[f"encoder.layer.{k}.{name}.bias"] = size[:1]
    return {name: 0.1 * torch.randn(size) for name, size in shapes.items()}


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    texts, annotations = [], []
    for k in range(12):
        name = NAMES[k % len(NAMES)]
        texts.append(
            {
                "id": f"t{k}",
                "title": f"{name}: stacking cups",
                "abstract": f"We present {name}. {name} reaches {60 + k}.5% on CupBench.",
            }
        )
        entities = [
            {"id": "e1", "name": name, "type": "Method", "mentions": [name]},
            {"id": "e2", "name": "CupBench", "type": "Benchmark", "mentions": ["CupBench"]},
        ]
        relations = [
            {"head": "PAPER", "type": "INTRODUCES", "tail": "e1"},
            {"head": "e1", "type": "USES", "role": "evaluation", "tail": "e2"},
        ]
        results = [{"system": "e1", "benchmark": "e2", "metric": None, "value": f"{60 + k}.5"}]
        annotations.append(
            {"id": f"t{k}", "entities": entities, "relations": relations, "results": results}
        )
    for kind, rows in (("texts", texts), ("gold", annotations)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"train.{kind}.jsonl").write_text(lines)
        (folder / f"dev.{kind}.jsonl").write_text(lines)
    return folder


def settings(gold: Path, encoder: Path, output: Path, **changes: object) -> TrainSettings:
    return TrainSettings(
        gold=gold,
        output=output,
        encoder=encoder,
        batch=2,
        **({"epochs": 30.0, "fold_share": 0.35, "n_warm_steps": 10, "head_rate": 5e-3} | changes),
    )


@pytest.fixture(scope="module")
def trained(gold: Path, encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from kg.train.run import train

    output = tmp_path_factory.mktemp("weights")
    train(settings(gold, encoder, output))
    return output


def test_train_learns_what_the_abstracts_repeat(trained: Path) -> None:
    metrics = json.loads((trained / "metrics.json").read_text())
    assert metrics["dev"]["mention"]["f1"] > 90
    assert metrics["dev"]["introduces"]["f1"] > 80
    assert metrics["fold"]["mention"]["low"] <= metrics["fold"]["mention"]["f1"]
    assert len(metrics["data_sha256"]) == 64


def test_train_goes_on_from_a_checkpoint_to_the_same_bytes(
    gold: Path, encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.train import fit
    from kg.train.run import train

    whole, parts = tmp_path / "whole", tmp_path / "parts"
    train(settings(gold, encoder, whole, epochs=3.0))
    take_step = fit._Run.take_step

    def power_cut(run: fit._Run, losses: dict[str, float]) -> None:
        if run.step == 5:
            raise KeyboardInterrupt
        take_step(run, losses)

    with monkeypatch.context() as patch:
        patch.setattr(fit._Run, "take_step", power_cut)
        with pytest.raises(KeyboardInterrupt):
            train(settings(gold, encoder, parts, epochs=3.0, save_every_s=0.0))
    train(settings(gold, encoder, parts, epochs=3.0))
    for name in ("encoder.onnx", "strings.onnx", "pairs.onnx", "model.json", "tables.npz"):
        assert (whole / name).read_bytes() == (parts / name).read_bytes(), name


def test_train_learns_from_silver_and_goes_on_to_the_same_bytes(
    gold: Path, encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.train import fit
    from kg.train.gold import read_part
    from kg.train.run import train

    silver = tmp_path / "silver.jsonl"
    records = [row | {"paper": text} for text, row in read_part(gold, "dev")]
    silver.write_text("".join(json.dumps(record) + "\n" for record in records))
    alone, whole, parts = tmp_path / "alone", tmp_path / "whole", tmp_path / "parts"
    changes = {"epochs": 2.0, "silver": silver, "bf16": True}
    train(settings(gold, encoder, alone, epochs=2.0, bf16=True))
    train(settings(gold, encoder, whole, **changes))
    take_step = fit._Run.take_step

    def power_cut(run: fit._Run, losses: dict[str, float]) -> None:
        if run.step == 12:  # the second stage
            raise KeyboardInterrupt
        take_step(run, losses)

    with monkeypatch.context() as patch:
        patch.setattr(fit._Run, "take_step", power_cut)
        with pytest.raises(KeyboardInterrupt):
            train(settings(gold, encoder, parts, save_every_s=0.0, **changes))
    train(settings(gold, encoder, parts, **changes))
    assert (whole / "encoder.onnx").read_bytes() == (parts / "encoder.onnx").read_bytes()
    assert (whole / "encoder.onnx").read_bytes() != (alone / "encoder.onnx").read_bytes()
    digests = {json.loads((f / "metrics.json").read_text())["data_sha256"] for f in (alone, whole)}
    assert len(digests) == 2


def test_train_says_that_too_few_abstracts_are_annotated(
    gold: Path, encoder: Path, tmp_path: Path
) -> None:
    from kg.train.run import train

    folder = tmp_path / "gold"
    folder.mkdir()
    for name in ("train.texts.jsonl", "train.gold.jsonl"):
        (folder / name).write_text((gold / name).read_text().splitlines()[0] + "\n")
    with pytest.raises(InputError, match="1 annotated abstracts are too few: 0 would be held back"):
        train(TrainSettings(gold=folder, output=tmp_path / "out", encoder=encoder))


def test_train_refuses_a_folder_that_learnt_from_other_data(
    gold: Path, encoder: Path, trained: Path
) -> None:
    from kg.train.run import train

    with pytest.raises(InputError, match="other data"):
        train(settings(gold, encoder, trained, fold_share=0.6))


def test_export_gives_what_the_network_gives(gold: Path, encoder: Path, tmp_path: Path) -> None:
    from kg.extract.neural.encoder import Encoder
    from kg.extract.neural.heads import Heads, spans_of
    from kg.extract.neural.words import split_words
    from kg.train.examples import Reader, piece_rows
    from kg.train.export import write_encoder, write_heads
    from kg.train.gold import full_text, read_part, sentences_of
    from kg.train.layout import lay_out
    from kg.train.losses import encode, gather
    from kg.train.network import from_bert

    vocabulary = (encoder / "vocab.txt").read_text().split("\n")[:-1]
    ids = {piece: k for k, piece in enumerate(vocabulary)}
    from kg.extract.neural.pieces import piece_cutter
    from kg.extract.neural.tables import COLUMNS, N_KNOWLEDGE
    from kg.extract.neural.words import N_SHAPES

    nothing = (
        (np.array([0], np.uint32), np.zeros((1, len(COLUMNS)), np.uint8)),
        (np.array([0], np.uint32), np.zeros((1, 8), np.uint16)),
    )
    row, annotation = read_part(gold, "train")[0]
    example = Reader(piece_rows(piece_cutter(ids), (2, 3)), nothing).read(row, annotation)
    network = from_bert(encoder, N_SHAPES + N_KNOWLEDGE).eval()
    with torch.no_grad():
        documents, words, tags = encode(network, gather([example], [example.features]))
    weights = {k: v.numpy() for k, v in network.state_dict().items()}
    write_encoder(weights, 2, tmp_path / "encoder.onnx", int8=False)
    write_heads(weights, tmp_path)
    exported = Encoder(tmp_path / "encoder.onnx", vocabulary, nothing, n_threads=1)
    text = full_text(row)
    reading = exported.read(text, split_words(text), sentences_of(text))
    n_words = len(reading.words)
    np.testing.assert_allclose(reading.words, words[0, :n_words].numpy(), atol=1e-4)
    np.testing.assert_allclose(reading.document, documents[0].numpy(), atol=1e-4)
    tagged = tags[0, :n_words].log_softmax(-1).numpy()
    np.testing.assert_allclose(reading.log_tags, tagged, atol=1e-4)
    heads = Heads(tmp_path)
    judged = heads.judge(reading, *spans_of([[tuple(s)] for s in example.spans.tolist()]))
    n = len(example.spans)
    layout = lay_out([example], [(example.spans, np.arange(n), n)])
    with torch.no_grad():
        types, roles, pairs = network.judge(words, documents, layout)
    np.testing.assert_allclose(judged.types, types.softmax(-1).numpy(), atol=2e-3)
    np.testing.assert_allclose(judged.roles, roles.sigmoid().numpy(), atol=2e-3)
    np.testing.assert_allclose(judged.pairs.reshape(n * n, -1), pairs.sigmoid().numpy(), atol=2e-3)


def test_train_public_learns_what_the_sentences_repeat(encoder: Path, tmp_path: Path) -> None:
    from kg.train.run import train_public_set

    rows = [
        {
            "doc_id": f"d{k}",
            "sentence": f"We run {NAMES[k % 6]} on CupBench .",
            "ner": [[NAMES[k % 6], "Method"], ["CupBench", "Dataset"]],
            "rel": [[NAMES[k % 6], "Evaluated-With", "CupBench"]],
        }
        for k in range(24)
    ]
    for part in ("train", "dev"):
        (tmp_path / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    metrics = train_public_set(
        "scier", settings(tmp_path, encoder, tmp_path / "out"), own_epochs=False
    )
    assert metrics["dev"]["NER"]["f1"] > 90
    assert metrics["dev"]["Rel+"]["f1"] > 90


def test_what_teachers_make_of_the_corpus_is_learnt_first(
    gold: Path, encoder: Path, trained: Path, tmp_path: Path
) -> None:
    from kg.train.run import train

    corpus = tmp_path / "corpus.jsonl"
    row = {"title": "On Orca", "abstract": "We run Orca on CupBench."}
    corpus.write_text((json.dumps(row) + "\n") * 30)
    student = settings(
        gold, encoder, tmp_path / "student", epochs=2, corpus=corpus, teachers=(trained,)
    )
    train(student)
    last = json.loads((student.output / "log.jsonl").read_text().splitlines()[-1])
    n_learnt = sum(not in_fold(f"t{k}", student.fold_share) for k in range(12))
    assert last["of"] == -(-(30 + n_learnt) // 2) + 2 * -(-n_learnt // 2)


def test_teachers_say_how_sure_they_are(gold: Path, encoder: Path, trained: Path) -> None:
    from kg.extract.neural.labels import TYPES
    from kg.extract.neural.pieces import piece_cutter
    from kg.train.distill import taught
    from kg.train.examples import Reader, piece_rows
    from kg.train.losses import targets_of

    ids = {p: k for k, p in enumerate((trained / "vocabulary.txt").read_text().split("\n"))}
    tables = np.load(trained / "tables.npz")
    known = (
        (tables["term_hashes"], tables["term_values"]),
        (tables["name_hashes"], tables["name_values"]),
    )
    reader = Reader(piece_rows(piece_cutter(ids), (2, 3)), known)
    texts = [("On Orca", "We present Orca. Orca reaches 60.5% on CupBench."), ("Cups", "No name.")]
    two = settings(gold, encoder, trained, teachers=(trained, trained))
    example, _ = taught(texts, reader, two)
    named = {
        " ".join(example.words[a : b + 1]): int(example.taught.types[owner].argmax())
        for (a, b), owner in zip(example.spans.tolist(), example.owner.tolist(), strict=True)
    }
    assert named["Orca"] == 1 + TYPES.index("Method")
    assert named["CupBench"] == 1 + TYPES.index("Benchmark")
    n = len(example.taught.types)
    targets = targets_of([example], [(example.spans, example.owner, n)])
    np.testing.assert_allclose(targets.types.sum(1), 1, atol=1e-2)
    np.testing.assert_allclose(targets.tags[0, : len(example.tags)].sum(1), 1, atol=1e-2)
    assert targets.pairs.shape == (n * n, 9)
    assert 0.5 < targets.pairs.max() <= 1


def test_teachers_must_have_the_same_word_pieces(
    gold: Path, encoder: Path, trained: Path, tmp_path: Path
) -> None:
    from kg.train.distill import load_teachers

    given = settings(gold, encoder, tmp_path, teachers=(trained,))
    (tmp_path / "vocabulary.txt").write_text("[PAD]\n[UNK]")
    with pytest.raises(InputError, match="other word pieces"):
        load_teachers(given)
    with pytest.raises(InputError, match=r"no checkpoint\.pt"):
        load_teachers(replace(given, teachers=(tmp_path,)))


def test_a_device_that_is_not_there_is_named(gold: Path, encoder: Path, tmp_path: Path) -> None:
    from kg.train.run import train

    with pytest.raises(InputError, match="--device nowhere"):
        train(settings(gold, encoder, tmp_path / "out", device="nowhere"))
