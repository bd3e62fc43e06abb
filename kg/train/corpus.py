"""Unlabelled abstracts: terms are counted in them, and the encoder and the student read them."""

import json
import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.identity import normalise_title
from kg.train.gold import Row, read_dev, titles_of

__all__ = ["read_corpus", "unscored"]


def read_corpus(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (title, abstract) of a file of JSON lines, `.xz` or plain."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open() as lines:
        for line in lines:
            row = json.loads(line)
            yield str(row.get("title") or ""), str(row.get("abstract") or "")


def unscored(
    corpus: Path, gold: Path, held: Sequence[tuple[Row, Row]]
) -> Iterator[tuple[str, str]]:
    """Yield what a corpus holds beside the held-back and the development abstracts."""
    titles = titles_of([*held, *(read_dev(gold) or ())])
    for title, abstract in read_corpus(corpus):
        if abstract and normalise_title(title) not in titles:
            yield title, abstract
