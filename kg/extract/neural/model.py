"""The trained model: reads one abstract's text and says what it names and what it states."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kg.errors import ExtractorError
from kg.extract.neural.combine import Combiner
from kg.extract.neural.encoder import MAX_WORDS_READ, Encoder
from kg.extract.neural.heads import Heads, Judged, Reading, spans_of
from kg.extract.neural.labels import ROLES, TYPES
from kg.extract.neural.links import (
    PossibleLink,
    allowed_ends,
    choose,
    introduced_entities,
    introductions,
    possible_links,
)
from kg.extract.neural.mentions import Draft, Scored, draft, settle
from kg.extract.neural.words import Words, head_of, split_words
from kg.schema import load_schema

__all__ = ["Annotation", "Link", "Mention", "NamedEntity", "NeuralModel", "load_model"]

FILES = (
    "encoder.onnx",
    "strings.onnx",
    "pairs.onnx",
    "model.json",
    "tables.npz",
    "vocabulary.txt",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place of an entity in the text."""

    start: int
    end: int
    type: str
    score: float
    entity: int
    """Index in `Annotation.entities`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEntity:
    """Strings that name one thing, in order of their first place."""

    strings: tuple[str, ...]
    type: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A stated relation between two entities, or of the paper (``head`` is `None`)."""

    head: int | None
    type: str
    role: str | None
    tail: int
    score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What the model reads off one text. Scores are calibrated probabilities."""

    mentions: tuple[Mention, ...] = ()
    entities: tuple[NamedEntity, ...] = ()
    links: tuple[Link, ...] = ()
    numbers: tuple[tuple[int, int, float], ...] = ()
    """Words that begin with a digit: start, end, probability that it is (part of) a result."""


class NeuralModel:
    """The encoder, the heads and how their opinions combine. Safe to share between threads."""

    name = "neural"

    def __init__(self, folder: Path, *, n_threads: int = 1) -> None:
        tables = np.load(folder / "tables.npz")
        vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        self._encoder = Encoder(
            folder / "encoder.onnx",
            vocabulary,
            (
                (tables["term_hashes"], tables["term_values"]),
                (tables["name_hashes"], tables["name_values"]),
            ),
            n_threads=n_threads,
        )
        self.heads = Heads(folder)
        settings = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.combiners = {
            name: Combiner.from_json(data) for name, data in settings["combiners"].items()
        }
        self.ends = allowed_ends(load_schema())
        digest = hashlib.sha256()
        for name in FILES:
            digest.update((folder / name).read_bytes())
        self.version = digest.hexdigest()[:12]

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> tuple[Words, Reading] | None:
        """Encode a text: its words and what is made of them; `None` where there is no word."""
        words = head_of(split_words(text), MAX_WORDS_READ)
        return (words, self._encoder.read(text, words, sentences)) if len(words) else None

    def annotate(
        self,
        text: str,
        sentences: Sequence[tuple[int, int]],
        abbreviations: Sequence[tuple[str, str]],
    ) -> Annotation:
        """Annotate one text; ``abbreviations`` are its (long form, short form) pairs.

        The text is title, blank line, abstract; ``sentences`` are its half-open borders, in order.
        """
        opened = self.read(text, sentences)
        if opened is None:
            return Annotation()
        words, reading = opened
        numbers = _numbers(words, reading)
        drafted = draft(text, words, reading, self.heads, abbreviations)
        entities = self.entities(drafted) if drafted else []
        if not entities:
            return Annotation(numbers=numbers)
        judged = self.heads.judge(reading, *spans_of([e.spans for e in entities]))
        links = self.links(entities, judged)
        borders = _Borders(words, reading, sentences, len(text))
        return Annotation(
            mentions=_mentions(entities, words),
            entities=tuple(
                NamedEntity(
                    strings=tuple(s for _, s in sorted(zip(e.places, e.strings, strict=True))),
                    type=str(TYPES[e.type]),
                    score=round(e.score, 4),
                )
                for e in entities
            ),
            links=tuple(borders.link(possible, score) for possible, score in links),
            numbers=numbers,
        )

    def entities(self, drafted: Draft) -> list[Scored]:
        """Accept strings, from the surest on."""
        return settle(drafted, self.combiners["mention"])

    def links(self, entities: list[Scored], judged: Judged) -> list[tuple[PossibleLink, float]]:
        """Find the links between accepted entities, in order of head, label and tail."""
        introduced = introduced_entities(entities, judged, self.combiners["introduces"])
        possible = possible_links(entities, judged, introduced, self.ends)
        found = [*introductions(entities, judged, introduced), *choose(possible, self.combiners)]
        return sorted(found, key=lambda pair: (_head(pair[0]), pair[0].label, pair[0].tail))


class _Borders:
    """Turns words into offsets and finds evidence sentences."""

    def __init__(
        self, words: Words, reading: Reading, sentences: Sequence[tuple[int, int]], length: int
    ) -> None:
        self._sentence = reading.sentence
        self._sentences = list(sentences) or [(0, length)]

    def link(self, possible: PossibleLink, score: float) -> Link:
        kind, role = ROLES[possible.label]
        start, end = self._sentences[int(self._sentence[possible.place])]
        return Link(
            head=possible.head,
            type=str(kind),
            role=None if role is None else str(role),
            tail=possible.tail,
            score=round(score, 4),
            start=start,
            end=end,
        )


def _head(link: PossibleLink) -> int:
    return -1 if link.head is None else link.head


def _mentions(entities: Sequence[Scored], words: Words) -> tuple[Mention, ...]:
    found = [
        Mention(
            start=words.starts[first],
            end=words.ends[last],
            type=str(TYPES[entity.type]),
            score=round(score, 4),
            entity=index,
        )
        for index, entity in enumerate(entities)
        for places, score in zip(entity.places, entity.scores, strict=True)
        for first, last in places
    ]
    return tuple(sorted(found, key=lambda m: m.start))


def _numbers(words: Words, reading: Reading) -> tuple[tuple[int, int, float], ...]:
    return tuple(
        (words.starts[k], words.ends[k], round(float(reading.numbers[k, 1]), 4))
        for k, word in enumerate(words.texts)
        if word[0].isdigit()
    )


def load_model(path: Path | None = None, *, n_threads: int = 1) -> NeuralModel:
    """Load a model from a folder; by default the packaged one.

    Raises
    ------
    ExtractorError
        A file is missing; the message names the command that makes it.
    """
    folder = Path(__file__).parent / "data" if path is None else path
    for name in FILES:
        if not (folder / name).is_file():
            message = (
                f"{folder / name}: the trained model's file is missing;"
                " reinstall the package, or make it: kg train GOLD -o FOLDER"
            )
            raise ExtractorError(message)
    return NeuralModel(folder, n_threads=n_threads)
