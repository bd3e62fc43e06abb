"""The packaged weights, as the pipeline uses them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kg.errors import ExtractorError
from kg.extract.abbreviations import find_abbreviations
from kg.extract.neural.encoder import windows
from kg.extract.neural.model import Annotation, NeuralModel, load_model
from kg.extract.sentences import split_sentences

TEXTS = (
    "Orca: stacking cups with diffusion policies\n\nWe present Orca, a diffusion policy for robot"
    " manipulation. Orca is evaluated on LIBERO and CALVIN, where it outperforms OpenVLA.",
    "Grasping with reinforcement learning\n\nWe train a quadruped robot with proximal policy"
    " optimization (PPO) in Isaac Gym. PPO reaches a success rate of 71.3% on Meta-World.",
    "A survey\n\nNothing is named here.",
)


@pytest.fixture(scope="module")
def model() -> NeuralModel:
    return load_model()


def read(model: NeuralModel, text: str) -> Annotation:
    sentences = split_sentences(text, text.index("\n\n"))
    pairs = find_abbreviations(text, sentences)
    return model.annotate(text, sentences, [(text[a:b], text[c:d]) for (a, b), (c, d) in pairs])


def test_annotate_is_the_same_alone_in_company_and_in_threads(model: NeuralModel) -> None:
    alone = [read(model, text) for text in TEXTS]
    assert [read(model, text) for text in reversed(TEXTS)] == alone[::-1]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: read(model, text), TEXTS * 4)) == alone * 4
    assert [read(load_model(n_threads=2), text) for text in TEXTS] == alone


def test_annotate_points_into_the_text(model: NeuralModel) -> None:
    found = read(model, TEXTS[0])
    assert found.mentions
    for mention in found.mentions:
        entity = found.entities[mention.entity]
        assert TEXTS[0][mention.start : mention.end] in entity.strings
        assert mention.type == entity.type
        assert 0 < mention.score < 1
    for link in found.links:
        assert link.head is None or 0 <= link.head < len(found.entities)
        assert TEXTS[0][link.start : link.end].strip()


def test_annotate_joins_a_long_form_and_its_acronym(model: NeuralModel) -> None:
    found = read(model, TEXTS[1])
    groups = [set(entity.strings) for entity in found.entities]
    assert any({"proximal policy optimization", "PPO"} <= group for group in groups)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n\n", id="nothing"),
        pytest.param("?\n\n", id="one mark"),
        pytest.param("\u0130\u0131\n\n\U0001f916 \u4e2d\u6587 \u200b\ufffd", id="other scripts"),
        pytest.param("a" * 5000 + "\n\n" + "b" * 5000, id="endless words"),
    ],
)
def test_annotate_survives(model: NeuralModel, text: str) -> None:
    assert isinstance(model.annotate(text, [], []), Annotation)


@pytest.mark.slow
def test_annotate_reads_the_head_of_an_endless_text(model: NeuralModel) -> None:
    text = "A title\n\n" + "We use Llama-2 on GSM8K and CALVIN. " * 3000
    found = read(model, text)
    assert max(m.end for m in found.mentions) < 40_000


def test_load_model_names_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ExtractorError, match=r"encoder\.onnx.*kg train"):
        load_model(tmp_path)


def test_version_follows_the_files(model: NeuralModel) -> None:
    assert len(model.version) == 12
    assert load_model().version == model.version


def test_windows_cut_at_sentences_where_they_can() -> None:
    sentence = np.repeat([0, 1, 2], 300)
    assert list(windows([1] * 900, sentence)) == [(0, 300), (300, 600), (600, 900)]
    assert list(windows([1] * 900, np.zeros(900, np.int64))) == [(0, 510), (510, 900)]
    assert list(windows([2] * 10, np.zeros(10, np.int64))) == [(0, 10)]
