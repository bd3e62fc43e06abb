"""Earlier models that read unlabelled abstracts for self-training, and say what they doubt."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kg.catalogue import load_catalogue
from kg.extract.components import ModelComponent
from kg.extract.neural.combine import Combiner
from kg.extract.neural.heads import Judged, Reading
from kg.extract.neural.links import (
    KINDS,
    PossibleLink,
    introduced_entities,
    introduction_scores,
    link_scores,
    possible_links,
)
from kg.extract.neural.mentions import Draft, Scored
from kg.extract.neural.model import NeuralModel, load_model
from kg.extract.neural.words import Words
from kg.extract.pipeline import load_pipeline, read_paper
from kg.records import Paper
from kg.records_json import record_to_json
from kg.train.gold import Row
from kg.train.tune import open_documents, tune

__all__ = ["Teacher", "load_teacher", "read_silver_papers"]

DOUBTED_STRING = 0.10
"""From here on, up to what is accepted, whether a string is a name is left open."""
DOUBTED_LINK = 0.08
Floats = NDArray[np.float32]
_TINY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class _JointReading(Reading):
    """The mean of several models' tags and numbers, with each model's own reading."""

    parts: tuple[Reading, ...]


class _JointHeads:
    """The heads of several models; their log-odds are averaged."""

    def __init__(self, models: Sequence[NeuralModel]) -> None:
        self._heads = [model.heads for model in models]

    def types(
        self, reading: _JointReading, spans: NDArray[np.int64], owner: NDArray[np.int64]
    ) -> Floats:
        pairs = zip(self._heads, reading.parts, strict=True)
        return _mean_of_classes([heads.types(part, spans, owner) for heads, part in pairs])

    def judge(
        self, reading: _JointReading, spans: NDArray[np.int64], owner: NDArray[np.int64]
    ) -> Judged:
        pairs = zip(self._heads, reading.parts, strict=True)
        found = [heads.judge(part, spans, owner) for heads, part in pairs]
        return Judged(
            types=_mean_of_classes([one.types for one in found]),
            roles=_mean_of_odds([one.roles for one in found]),
            span_roles=np.mean([one.span_roles for one in found], axis=0),
            pairs=_mean_of_odds([one.pairs for one in found]),
            places=found[0].places,
        )


class Teacher(NeuralModel):
    """One model or several averaged, behind the interface of one; keeps what it doubted last."""

    name = "teacher"

    def __init__(self, models: Sequence[NeuralModel], combiners: Mapping[str, Combiner]) -> None:
        self.models = list(models)
        self.ends, self.version = models[0].ends, "+".join(model.version for model in models)
        self.heads = cast("Any", _JointHeads(models))
        self.combiners = dict(combiners)
        self.doubted_strings: list[str] = []
        self.doubted_links: list[tuple[str | None, int, str]] = []

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> tuple[Words, Reading] | None:
        """Encode a text with every model."""
        self.doubted_strings, self.doubted_links = [], []
        found = [opened for model in self.models if (opened := model.read(text, sentences))]
        if not found:
            return None
        parts = tuple(reading for _, reading in found)
        first = parts[0]
        tags = np.mean([np.exp(part.log_tags.astype(np.float64)) for part in parts], axis=0)
        joint = _JointReading(
            words=first.words,
            document=first.document,
            log_tags=np.log(tags).astype(np.float32),
            numbers=np.mean([part.numbers for part in parts], axis=0),
            sentence=first.sentence,
            title_words=first.title_words,
            parts=parts,
        )
        return found[0][0], joint

    def entities(self, drafted: Draft) -> list[Scored]:
        """Accept strings; keep those that came near."""
        combiner = self.combiners["mention"]
        scores = combiner(drafted.features, drafted.types).tolist()
        strings = [candidate.string for candidate in drafted.candidates]
        near = zip(strings, scores, strict=True)
        self.doubted_strings = sorted(
            {string for string, p in near if DOUBTED_STRING <= p < combiner.threshold}
        )
        return super().entities(drafted)

    def links(self, entities: list[Scored], judged: Judged) -> list[tuple[PossibleLink, float]]:
        """Find links; keep those that came near."""
        self.doubted_links = list(self._near_links(entities, judged))
        return super().links(entities, judged)

    def _near_links(
        self, entities: list[Scored], judged: Judged
    ) -> Iterator[tuple[str | None, int, str]]:
        names = [entity.strings[0] for entity in entities]
        combiner = self.combiners["introduces"]
        scores = introduction_scores(entities, judged, combiner)
        for name, p in zip(names, scores, strict=True):
            if DOUBTED_LINK <= p < combiner.threshold:
                yield None, 0, name
        introduced = introduced_entities(entities, judged, combiner)
        possible = possible_links(entities, judged, introduced, self.ends)
        for link, p in link_scores(possible, self.combiners):
            if DOUBTED_LINK <= p < self.combiners[KINDS[link.kind]].threshold:
                head = None if link.head is None else names[link.head]
                yield head, link.label, names[link.tail]


def load_teacher(folders: Sequence[Path | None], held: Sequence[tuple[Row, Row]]) -> Teacher:
    """Load models (`None` is the packaged one); several are combined anew on held-back rows.

    Raises
    ------
    ExtractorError
        A folder lacks a model's file.
    """
    models = [load_model(folder) for folder in folders]
    teacher = Teacher(models, models[0].combiners)
    if len(models) > 1:
        teacher.combiners = tune(open_documents(teacher, held), teacher)
    return teacher


def read_silver_papers(papers: Iterable[Paper], teacher: Teacher) -> Iterator[dict[str, Any]]:
    """Yield the record of each paper, as `kg extract` prints it, and beside it the doubts."""
    nlp = load_pipeline(load_catalogue(), model=True)
    cast("ModelComponent", nlp.get_pipe("kg_model")).use(teacher)
    for paper in papers:
        record = record_to_json(read_paper(nlp, paper))
        doubts = {"strings": teacher.doubted_strings, "links": teacher.doubted_links}
        yield {**record, "doubts": doubts}


def _mean_of_classes(given: Sequence[Floats]) -> Floats:
    mean = np.exp(np.log(np.maximum(np.array(given, np.float64), _TINY)).mean(0))
    out: Floats = (mean / mean.sum(-1, keepdims=True)).astype(np.float32)
    return out


def _mean_of_odds(given: Sequence[Floats]) -> Floats:
    p = np.clip(np.array(given, np.float64), _TINY, 1 - _TINY)
    out: Floats = (1 / (1 + np.exp(-np.log(p / (1 - p)).mean(0)))).astype(np.float32)
    return out
