"""The place of the trained model in the pipeline: its reading, in the pipeline's own terms."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING

from kg.extract.state import Link, Mention, Reading

if TYPE_CHECKING:
    from kg.extract.neural.model import Annotation, NeuralModel

__all__ = ["annotate", "has_model", "model_version"]


def has_model() -> bool:
    """Tell whether the weights of the trained model are in the package."""
    if find_spec("kg.extract.neural.model") is None:
        return False
    return (files("kg.extract") / "neural" / "data" / "encoder.onnx").is_file()


@cache
def _model() -> "NeuralModel":
    from kg.extract.neural.model import load_model  # imports ONNX Runtime

    return load_model()


def model_version() -> str:
    """Return the version of the weights.

    Raises
    ------
    ExtractorError
        There are none.
    """
    return _model().version


def annotate(reading: Reading, model: "NeuralModel | None" = None) -> None:
    """Add the model's mentions, links and numbers to a reading; `None` is the packaged model."""
    text = reading.text
    pairs = [(text[slice(*long)], text[slice(*short)]) for long, short in reading.abbreviations]
    annotation = (model or _model()).annotate(text, reading.sentences, pairs)
    reading.mentions += [
        Mention(
            start=mention.start,
            end=mention.end,
            type=mention.type,
            source="model",
            confidence=mention.score,
            group=mention.entity,
        )
        for mention in annotation.mentions
    ]
    reading.links = list(_links(annotation))
    reading.numbers = {start: score for start, _, score in annotation.numbers}


def _links(annotation: "Annotation") -> Iterator[Link]:
    strings = [entity.strings[0] for entity in annotation.entities]
    for link in annotation.links:
        yield Link(
            head=None if link.head is None else strings[link.head],
            type=link.type,
            tail=strings[link.tail],
            role=link.role,
            confidence=link.score,
            sentence=(link.start, link.end),
        )
