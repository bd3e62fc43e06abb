"""What several fitted networks say of unlabelled abstracts, for another one to learn from.

The teachers' probabilities are averaged and taught as they are, not as decisions (Hinton et al.
2015): what they half believe stays half believed.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kg.errors import InputError
from kg.extract.neural.candidates import span_probabilities
from kg.extract.neural.heads import spans_of
from kg.extract.neural.mentions import PROPOSED
from kg.extract.neural.strings import find_candidates, group, places_of
from kg.extract.neural.tables import N_KNOWLEDGE
from kg.extract.neural.words import N_SHAPES, head_of, split_words
from kg.train.examples import Example, Reader, Taught
from kg.train.gold import Row, abbreviations_of, full_text
from kg.train.layout import Layout, Strings, lay_out, moved
from kg.train.losses import encode, gather
from kg.train.network import Network
from kg.train.settings import TrainSettings

__all__ = ["load_teachers", "taught", "teach"]

logger = logging.getLogger(__name__)

_BATCH = 24
_LOG_EVERY = 200
_NOTHING: Row = {"entities": [], "relations": [], "results": []}

_LIKELY = 0.3
"""Strings from here on are all taught, of the less likely ones the best few."""
_N_UNLIKELY = 8
_MAX_ENTITIES = 64
_ALMOST_NOTHING = 0.004
"""A pair's label below this is taught as 0."""
Floats = NDArray[np.float32]


def taught(
    texts: Iterable[tuple[str, str]], reader: Reader, settings: TrainSettings
) -> list[Example]:
    """Have the settings' teachers annotate (title, abstract) pairs: some 40 kB an abstract."""
    teachers = load_teachers(settings)
    rows = ({"id": str(k), "title": a, "abstract": b} for k, (a, b) in enumerate(texts))
    known: list[Example] = []
    for number, batch in enumerate(iter(lambda: list(islice(rows, _BATCH)), [])):
        read = [(full_text(row), _read(reader, row)) for row in batch]
        known += teach(teachers, [pair for pair in read if len(pair[1].tags)], bf16=settings.bf16)
        if number % _LOG_EVERY == 0:
            logger.info("%d abstracts taught", len(known))
    return known


def _read(reader: Reader, row: Row) -> Example:
    example = reader.read(row, _NOTHING)
    return replace(example, features=example.features.astype(np.float16))


def load_teachers(settings: TrainSettings) -> list[Network]:
    """Load the averaged weights of earlier runs from their folders' checkpoints.

    Raises
    ------
    InputError
        A folder holds no checkpoint, or its word pieces are others than this run's.
    """
    pieces = (settings.output / "vocabulary.txt").read_text(encoding="utf-8")
    found = []
    for folder in settings.teachers:
        path, own = folder / "checkpoint.pt", folder / "vocabulary.txt"
        if not path.is_file() or not own.is_file():
            message = f"{folder}: no checkpoint.pt of a finished kg train; name its output folder"
            raise InputError(message)
        if own.read_text(encoding="utf-8") != pieces:
            message = f"{own}: other word pieces than the encoder's; train both from one vocab.txt"
            raise InputError(message)
        saved = torch.load(path, weights_only=True, map_location=settings.device)
        network = Network(saved["config"], N_SHAPES + N_KNOWLEDGE, 0.0)
        network.load_state_dict(saved["network"] | saved["average"])
        found.append(network.to(settings.device).eval())
    return found


def teach(
    teachers: Sequence[Network], batch: Sequence[tuple[str, Example]], *, bf16: bool = False
) -> list[Example]:
    """Annotate a batch of (text, example without annotations) with the teachers' mean opinion."""
    texts, examples = zip(*batch, strict=True)
    device = teachers[0].span.weight.device
    inputs = moved(gather(examples, [e.features.astype(np.float32) for e in examples]), device)
    with torch.no_grad():
        encoded = [encode(network, inputs, bf16=bf16) for network in teachers]
        tags = _mean([logits.softmax(-1) for _, _, logits in encoded])
        pairs = zip(teachers, encoded, strict=True)
        numbers = _mean([net.numbers(words).softmax(-1) for net, (_, words, _) in pairs])
        strings = [
            _strings(text, example, tags[k, : len(example.tags)])
            for k, (text, example) in enumerate(zip(texts, examples, strict=True))
        ]
        judged = _judge(teachers, encoded, moved(lay_out(examples, strings), device))
    return _split(examples, strings, (tags, numbers), judged)


def _judge(
    teachers: Sequence[Network],
    encoded: Sequence[tuple[Tensor, Tensor, Tensor]],
    layout: Layout,
) -> tuple[Floats, ...]:
    """Average what the heads make of the same strings: types, roles, pairs."""
    if not len(layout.entity_text):
        return (np.zeros((0, 1), np.float32),) * 3
    opinions = []
    for network, (documents, words, _) in zip(teachers, encoded, strict=True):
        types, roles, pairs = network.judge(words, documents, layout)
        opinions.append((types.softmax(-1), roles.sigmoid(), pairs.sigmoid()))
    return tuple(_mean(column) for column in zip(*opinions, strict=True))


def _mean(opinions: Sequence[Tensor]) -> Floats:
    found: Floats = torch.stack(list(opinions)).mean(0).cpu().numpy()
    return found


def _strings(text: str, example: Example, tags: Floats) -> Strings:
    """Group the strings that the tags propose, as the model does when it reads."""
    words = head_of(split_words(text), len(example.tags))
    table = span_probabilities(np.log(np.maximum(tags, 1e-12)))
    abbreviations = abbreviations_of(text)
    found = find_candidates(text, words, table, PROPOSED, abbreviations)
    groups = sorted(
        group(found, abbreviations), key=lambda members: -max(found[m].best for m in members)
    )
    likely = sum(max(found[m].best for m in members) >= _LIKELY for members in groups)
    kept = groups[: min(likely + _N_UNLIKELY, _MAX_ENTITIES)]
    spans, owner = spans_of([places_of(found, members) for members in kept])
    return spans, owner, len(kept)


def _split(
    examples: Sequence[Example],
    strings: Sequence[Strings],
    worded: tuple[Floats, Floats],
    judged: tuple[Floats, ...],
) -> list[Example]:
    """Give each abstract its rows."""
    done = []
    entity = pair = 0
    for k, (example, (spans, owner, n)) in enumerate(zip(examples, strings, strict=True)):
        tags, numbers = (rows[k, : len(example.tags)] for rows in worded)
        types, roles = (rows[entity : entity + n] for rows in judged[:2])
        flat = judged[2][pair : pair + n * n].reshape(-1)
        where = np.flatnonzero(flat >= _ALMOST_NOTHING)
        taught = Taught(
            tags=tags.astype(np.float16),
            numbers=numbers.astype(np.float16),
            types=types.astype(np.float16),
            roles=roles.astype(np.float16),
            pairs=(where, flat[where].astype(np.float16)),
        )
        done.append(replace(example, spans=spans, owner=owner, taught=taught))
        entity, pair = entity + n, pair + n * n
    return done
