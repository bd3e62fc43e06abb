"""Runs the encoder over one abstract: words and features in, states and tags out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.extract.neural.candidates import sentence_numbers
from kg.extract.neural.heads import Reading
from kg.extract.neural.pieces import CLS, SEP, piece_cutter
from kg.extract.neural.runtime import open_graph
from kg.extract.neural.tables import knowledge
from kg.extract.neural.words import Words, shapes

__all__ = ["MAX_WORDS_READ", "Encoder"]

MAX_WORDS_READ = 4000
"""A text's words beyond these are not read: no abstract has so many, and memory stays bounded."""
_MAX_PIECES = 510
Table = tuple[NDArray[np.uint32], NDArray[np.integer]]


class Encoder:
    """The ONNX graph, its vocabulary and its knowledge tables.

    Every text is run alone, without padding, so that its numbers depend on nothing else.
    """

    def __init__(
        self, graph: Path, vocabulary: Sequence[str], tables: tuple[Table, Table], *, n_threads: int
    ) -> None:
        self._session = open_graph(graph, n_threads=n_threads)
        ids = {piece: k for k, piece in enumerate(vocabulary)}
        self._cut = piece_cutter(ids)
        self._marks = ids[CLS], ids[SEP]
        self._tables = tables

    def read(self, text: str, words: Words, sentences: Sequence[tuple[int, int]]) -> Reading:
        """Encode the words of a text, window by window where it is longer than a window."""
        looks = shapes(text, words, sentences)
        features = np.concatenate([looks, knowledge(words, *self._tables)], axis=1)
        sentence = sentence_numbers(words.starts, sentences)
        cuts = [self._cut(word) for word in words.texts]
        parts = [
            self._run(cuts[first:stop], features[first:stop])
            for first, stop in windows([len(c) for c in cuts], sentence)
        ]
        title_end = text.find("\n\n")
        return Reading(
            document=parts[0][0],
            words=np.concatenate([part[1] for part in parts]),
            log_tags=np.concatenate([part[2] for part in parts]),
            numbers=np.concatenate([part[3] for part in parts]),
            sentence=sentence,
            title_words=sum(start < title_end for start in words.starts),
        )

    def _run(
        self, cuts: Sequence[tuple[int, ...]], features: NDArray[np.float32]
    ) -> list[NDArray[np.float32]]:
        lengths = np.array([len(cut) for cut in cuts])
        last = np.cumsum(lengths)
        pieces = [self._marks[0], *(piece for cut in cuts for piece in cut), self._marks[1]]
        word_of_piece = np.zeros(len(pieces), dtype=np.int64)
        word_of_piece[1:-1] = np.repeat(np.arange(1, len(cuts) + 1), lengths)
        found: list[NDArray[np.float32]] = self._session.run(
            ["document", "words", "log_tags", "numbers"],
            {
                "pieces": np.array(pieces, dtype=np.int64),
                "word_of_piece": word_of_piece,
                "features": features,
                "first": last - lengths + 1,
                "last": last,
            },
        )
        return found


def windows(lengths: Sequence[int], sentence: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Cut words into runs of at most 510 pieces, at a border of sentences where there is one."""
    first, n = 0, len(lengths)
    while first < n:
        stop, size = first, 0
        while stop < n and size + lengths[stop] <= _MAX_PIECES:
            size += lengths[stop]
            stop += 1
        if stop < n:
            borders = first + 1 + np.flatnonzero(np.diff(sentence[first : stop + 1]))
            stop = int(borders[-1]) if len(borders) else stop
        yield first, stop
        first = stop
