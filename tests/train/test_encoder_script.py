"""`scripts/encoder`: an encoder's weights come back from ONNX and from safetensors, cut to size."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'papers-kg[train]'"
)
pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("default")]

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "encoder"
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"acpu本", "##s", "cup", "##board", "rare"]


@pytest.fixture
def folder(small_bert: dict, tmp_path: Path) -> Path:
    """Give a folder with a small BERT as safetensors and ONNX, its tokenizer, and a corpus."""
    from safetensors.torch import save_file

    from kg.train.network import Encoder, to_bert

    torch.manual_seed(0)
    weights = to_bert(Encoder(small_bert | {"vocab_size": len(PIECES)}, 1, 0.0))
    save_file(weights, tmp_path / "model.safetensors")
    _write_onnx({k: v.numpy() for k, v in weights.items()}, tmp_path / "model.onnx")
    vocabulary = {piece: k for k, piece in enumerate(PIECES)}
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}))
    text = {"title": "A cup", "abstract": "Cups, a cup, a cupboard and a cup."}
    (tmp_path / "corpus.jsonl").write_text(json.dumps(text) + "\n")
    return tmp_path


def _write_onnx(weights: dict, path: Path) -> None:
    """Write weights as PyTorch's exporter names them: a linear layer's matrix has a number."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes, held, x = [], [], "input"
    for k, (name, value) in enumerate(weights.items()):
        linear = value.ndim == 2 and "mbeddings" not in name
        given = f"onnx::MatMul_{k}" if linear else name
        held.append(numpy_helper.from_array(value.T.copy() if linear else value, given))
        if linear:
            bias = name.removesuffix("weight") + "bias"
            nodes += [
                helper.make_node("MatMul", [x, given], [f"product_{k}"]),
                helper.make_node("Add", [bias, f"product_{k}"], [f"sum_{k}"]),
            ]
            x = f"sum_{k}"
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("input", x)]
    onnx.save(helper.make_model(helper.make_graph(nodes, "bert", ends[:1], ends[1:], held)), path)


def _run(folder: Path, model: str, *options: str) -> subprocess.CompletedProcess:
    files = [str(folder / model), str(folder / "tokenizer.json"), "-o", str(folder / "out")]
    command = [sys.executable, str(SCRIPT), *files, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("model", ["model.onnx", "model.safetensors"])
def test_the_encoder_comes_back_whole(folder: Path, model: str) -> None:
    from safetensors.torch import load_file

    from kg.train.network import load_encoder, to_bert

    assert _run(folder, model).returncode == 0
    before, after = load_file(folder / "model.safetensors"), to_bert(load_encoder(folder / "out"))
    assert before.keys() == after.keys()
    assert all((before[key] == after[key]).all() for key in before)
    assert (folder / "out" / "vocab.txt").read_text().split() == PIECES


def test_first_layers_and_most_used_pieces_are_kept(folder: Path) -> None:
    from safetensors.torch import load_file

    options = ["--layers", "1", "--pieces", "12", "--corpus", str(folder / "corpus.jsonl")]
    assert _run(folder, "model.onnx", *options).returncode == 0
    vocabulary = (folder / "out" / "vocab.txt").read_text().split()
    assert vocabulary == [p for p in PIECES if p not in {"本", "rare"}]
    before, after = (load_file(f / "model.safetensors") for f in (folder, folder / "out"))
    assert not any(name.startswith("encoder.layer.1.") for name in after)
    name = "embeddings.word_embeddings.weight"
    assert (after[name] == before[name][[PIECES.index(p) for p in vocabulary]]).all()
    config = json.loads((folder / "out" / "config.json").read_text())
    assert (config["num_hidden_layers"], config["vocab_size"]) == (1, 12)


def test_a_file_that_holds_no_bert_is_said_to_be_none(folder: Path) -> None:
    from safetensors.torch import save_file

    save_file({"a.weight": torch.zeros(2)}, folder / "other.safetensors")
    run = _run(folder, "other.safetensors")
    assert run.returncode != 0
    assert "other.safetensors: no BERT" in run.stderr
