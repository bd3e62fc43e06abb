"""Find the setting of a result: split, protocol, number of shots."""

import re

from kg.extract.clauses import Clause

__all__ = ["find_setting"]

_SETTING = re.compile(
    r"(?<![\w-])(?:(?:zero|one|few|many|\d+|single)-shot(?: (?:setting|settings|CoT|transfer))?"
    r"|pass@\d+|maj@\d+"
    r"|(?:test|dev|val|validation|held-out|hidden test|blind test|test-dev)[ -](?:set|split"
    r"|data)\b|test-dev|minival"
    r"|(?:in|out-of)-(?:domain|distribution)|(?:un)?seen (?:objects|tasks|environments|scenes"
    r"|classes|categories)"
    r"|(?:easy|medium|moderate|hard|compositional|cross-domain|closed-book|open-book) (?:split"
    r"|setting|subset|set)"
    r"|with(?:out)? (?:CoT|chain-of-thought|fine-tuning|extra data)|\d+-fold cross[- ]validation"
    r"|in (?:simulation|the real world)"
    r"|\d+% label(?:s|ed data)|linear probing|single model|(?:single|ten|10|five)[ -]crop)(?!\w)",
    re.IGNORECASE,
)


def find_setting(text: str, clause: Clause, low: int, high: int) -> str | None:
    """Return the setting that stands among tokens ``low`` to ``high``, else in the sentence."""
    tokens = clause.tokens
    start, end = tokens[low].start, tokens[high - 1].end
    found = _SETTING.search(text, start, end) or _SETTING.search(text, *clause.span)
    return found.group() if found else None
