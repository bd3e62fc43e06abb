"""Cuts words into the pieces that the encoder knows (WordPiece; Devlin et al. 2019, section 4)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CLS", "SEP", "piece_cutter"]

CLS, SEP, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_MAX_LETTERS = 100
_MAX_PIECES = 12


def piece_cutter(vocabulary: Mapping[str, int]) -> Callable[[str], tuple[int, ...]]:
    """Make a function from a word to its pieces: longest match first, lower case, no accents.

    A word that no pieces spell is the one unknown piece; a longer word keeps its first 12 pieces.
    """
    unknown = vocabulary[UNKNOWN]

    @lru_cache(maxsize=50_000)
    def cut(word: str) -> tuple[int, ...]:
        plain = "".join(
            c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn"
        )
        if not plain or len(plain) > _MAX_LETTERS:
            return (unknown,)
        pieces, start = [], 0
        while start < len(plain):
            for end in range(len(plain), start, -1):
                piece = vocabulary.get(plain[start:end] if start == 0 else "##" + plain[start:end])
                if piece is not None:
                    break
            else:
                return (unknown,)
            pieces.append(piece)
            start = end
        return tuple(pieces[:_MAX_PIECES])

    return cut
