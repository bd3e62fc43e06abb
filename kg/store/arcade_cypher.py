"""Cypher as ArcadeDB needs it: what it would answer wrongly is worded so that it does not.

ArcadeDB keeps a relationship's variable only where an expression uses it, and does not count the
property maps of patterns among those: `MATCH ()-[r:USES]->() MATCH (p:Paper {id: r.paper})` would
find nothing. A condition that always holds, in the relationship's own brackets, keeps it.
"""

import re

__all__ = ["keep_relationships"]

_WORD = r"[^\W\d]\w*"
_TOKEN = re.compile(
    r"""(?P<skip>'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | `[^`]*` | //[^\n]* | /\*.*?\*/)"""
    r" | (?P<clause>\b(?:MATCH|CREATE|MERGE|RETURN)\b)"
    rf" | -\[\s*(?P<variable>{_WORD})\s*(?P<types>:[^][{{}}*'\"`]*?)?(?P<map>\{{[^{{}}]*\}})?\s*\]",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_PATTERN_MAP = re.compile(rf"[(\[]\s*(?:{_WORD})?\s*(?::[^()\[\]{{}}]*)?\{{([^{{}}]*)\}}")
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)


def keep_relationships(cypher: str) -> str:
    """Return the query with its relationships bound wherever a pattern's map uses them.

    >>> keep_relationships("MATCH ()-[r:USES]->(b) MATCH (p:Paper {id: r.paper}) RETURN p")
    'MATCH ()-[r:USES WHERE r IS NOT NULL]->(b) MATCH (p:Paper {id: r.paper}) RETURN p'
    """
    used = " ".join(_PATTERN_MAP.findall(_QUOTED.sub("''", cypher)))
    if "." not in used and "(" not in used:
        return cypher
    words = set(re.findall(_WORD, re.sub(rf"\b{_WORD}\s*:", "", used)))
    clause = ""

    def reworded(found: re.Match[str]) -> str:
        nonlocal clause
        if found["clause"]:
            clause = found["clause"].upper()
        name = found["variable"]
        if name not in words or clause != "MATCH" or "WHERE" in (found["types"] or "").upper():
            return found[0]
        return f"{found[0][:-1].rstrip()} WHERE {name} IS NOT NULL]"

    return _TOKEN.sub(reworded, cypher)
