"""Continued masked-language training, with an encoder of two small layers."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install 'papers-kg[train]'"
)
pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("default")]

TEXTS = [f"a cup on a plate\n\nthe cup is on plate {k % 3}" for k in range(40)]


@pytest.fixture
def encoder(small_bert: dict, tmp_path: Path) -> Path:
    from safetensors.torch import save_file

    from kg.train.network import Encoder, to_bert

    folder = tmp_path / "encoder"
    folder.mkdir()
    words = ["a", "cup", "on", "plate", "the", "is", "0", "1", "2"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    pieces += [f"[unused{k}]" for k in range(1000)]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n")
    config = small_bert | {"vocab_size": len(pieces)}
    (folder / "config.json").write_text(json.dumps(config))
    torch.manual_seed(0)
    save_file(to_bert(Encoder(config, 1, 0.0)), folder / "model.safetensors")
    return folder


def _pretrain(encoder: Path, output: Path, **changes: float) -> Path:
    from kg.train.pretrain import PretrainSettings, pretrain

    settings = {"epochs": 8.0, "tokens": 64, "rate": 5e-3, "n_warm_steps": 5} | changes
    return pretrain(TEXTS, encoder, PretrainSettings(output=output, **settings))


def test_hidden_words_are_learnt_and_the_folder_is_an_encoder(
    encoder: Path, tmp_path: Path
) -> None:
    from safetensors.torch import load_file

    from kg.train.network import load_encoder, to_bert

    folder = _pretrain(encoder, tmp_path / "out", epochs=20.0)
    log = (folder / "log.jsonl").read_text().splitlines()
    losses = [json.loads(line)["loss"] for line in log]
    assert losses[-1] < 0.5 * losses[0]
    before, after = (load_file(f / "model.safetensors") for f in (encoder, folder))
    assert before.keys() == after.keys()
    assert any((before[key] != after[key]).any() for key in before)
    again = to_bert(load_encoder(folder))
    assert all((again[key] == after[key]).all() for key in after)


def test_a_run_that_was_cut_off_goes_on_to_the_same_bytes(
    encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.train import pretrain

    whole = _pretrain(encoder, tmp_path / "whole")
    step = pretrain._Run._take_step

    def power_cut(run: pretrain._Run, *rest: object) -> float:
        if run.step == 9:
            raise KeyboardInterrupt
        return step(run, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(pretrain._Run, "_take_step", power_cut)
        with pytest.raises(KeyboardInterrupt):
            _pretrain(encoder, tmp_path / "parts", save_every_s=0.0)
    parts = _pretrain(encoder, tmp_path / "parts")
    assert (whole / "model.safetensors").read_bytes() == (parts / "model.safetensors").read_bytes()
