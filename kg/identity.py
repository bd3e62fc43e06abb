"""Which records are one paper, and what a paper's id is: pure functions on `Paper`.

Two records are one paper if they share a DOI, an arXiv id without version or a source's id; or the
normalised title and an author, with years at most two apart and no two different published DOIs.
Where either has no authors the title alone decides, if it has four words or more.
"""

import hashlib
import re
from urllib.parse import unquote

from kg.records import Author, Paper
from kg.text import collapse_spaces, fold

__all__ = [
    "arxiv_id_of_doi",
    "author_key",
    "find_arxiv_id",
    "identity_keys",
    "is_preprint_doi",
    "normalise_arxiv_id",
    "normalise_doi",
    "normalise_id",
    "normalise_title",
    "paper_id",
    "same_paper",
    "title_key",
]

_MAX_YEARS_APART = 2
_MIN_TITLE_WORDS = 4

_ARXIV = re.compile(
    r"(?P<new>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?"
    r"|(?P<old>(?:[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v\d+)?",
    re.IGNORECASE,
)
_ARXIV_PREFIX = re.compile(
    r"(?:https?://)?(?:\w+\.)?arxiv\.org/(?:abs|pdf|html|format)/|arxiv:\s*", re.IGNORECASE
)
_ARXIV_SUFFIX = re.compile(r"(?:\.pdf)?(?:[?#].*)?/?$", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_ARXIV_DOI = "10.48550/arxiv."
_PREPRINT_DOIS = (
    _ARXIV_DOI,
    "10.1101/",  # bioRxiv, medRxiv
    "10.64898/",  # bioRxiv, medRxiv since 2025
    "10.2139/ssrn.",
    "10.21203/rs.",  # Research Square
    "10.20944/preprints",
    "10.31234/osf.io/",
    "10.31219/osf.io/",
    "10.36227/techrxiv.",
    "10.26434/chemrxiv",
    "10.5281/zenodo.",
)


def normalise_arxiv_id(value: str) -> str | None:
    """Return the arXiv id in `value` without its version, or None if it is none.

    >>> normalise_arxiv_id("https://arxiv.org/pdf/2306.02707v2.pdf")
    '2306.02707'
    """
    bare = _without(_ARXIV_PREFIX, value)
    match = _ARXIV.fullmatch(_ARXIV_SUFFIX.sub("", bare))
    if match is None:
        return arxiv_id_of_doi(value)
    return match["new"] or match["old"].lower()


def find_arxiv_id(address: str) -> str | None:
    """Return the arXiv id that an address or prefixed id names; a bare number is none."""
    return normalise_arxiv_id(address) if _ARXIV_PREFIX.match(address.strip()) else None


def normalise_doi(value: str) -> str | None:
    """Return the DOI in `value` in lower case, without resolver or prefix, or None.

    >>> normalise_doi("https://doi.org/10.1145/3366423.3380211")
    '10.1145/3366423.3380211'
    """
    bare = _without(_DOI_PREFIX, value).rstrip(" .,;").lower()
    return bare if _DOI.fullmatch(bare) else None


def arxiv_id_of_doi(value: str) -> str | None:
    """Return the arXiv id that an arXiv DOI stands for, or None."""
    doi = normalise_doi(value)
    if doi is None or not doi.startswith(_ARXIV_DOI):
        return None
    match = _ARXIV.fullmatch(doi.removeprefix(_ARXIV_DOI))
    return (match["new"] or match["old"]) if match else None


def is_preprint_doi(doi: str) -> bool:
    """Tell whether a DOI belongs to a preprint server: the published version has another one."""
    return (normalise_doi(doi) or doi.lower()).startswith(_PREPRINT_DOIS)


def normalise_id(value: str) -> str:
    """Return a cited id in the form that a Paper's keys have: arXiv id, DOI, or as it is."""
    return normalise_arxiv_id(value) or normalise_doi(value) or collapse_spaces(value)


def normalise_title(title: str) -> str:
    """Return the words of a title in folded form: case, accents and punctuation do not count.

    >>> normalise_title("Orca 2: Teaching Small Models, How to Reason.")
    'orca 2 teaching small models how to reason'
    """
    return collapse_spaces(re.sub(r"[\W_]+", " ", fold(title)))


def author_key(name: str) -> str:
    """Return last name and first initial, folded: what two spellings of one name share.

    >>> author_key("Kingma, Diederik P.") == author_key("D. P. Kingma")
    True
    """
    last, comma, first = name.partition(",")
    if comma:
        name = f"{first} {last}"
    words = normalise_title(name).split()
    while len(words) > 2 and words[-1] in {"jr", "sr", "ii", "iii", "iv"}:
        words.pop()
    return f"{words[-1]} {words[0][0]}" if len(words) > 1 else "".join(words)


def paper_id(paper: Paper) -> str:
    """Return the key of a paper's node.

    The arXiv id without version, else the DOI, else the source's id (the smallest of
    `source_ids`, else the input's own), else a hash of the normalised title.
    """
    arxiv_id, doi = _arxiv_id(paper), _doi(paper)
    if arxiv_id is not None or doi is not None:
        return arxiv_id or doi or ""
    if paper.source_ids:
        return min(paper.source_ids)
    return paper.id or f"title:{_digest(normalise_title(paper.title) or paper.title)}"


def identity_keys(paper: Paper) -> tuple[str, ...]:
    """Return the keys of which a single shared one makes two records one paper, sorted."""
    keys = set(paper.source_ids)
    arxiv_id, doi = _arxiv_id(paper), _doi(paper)
    if arxiv_id is not None:
        keys.add(f"arxiv:{arxiv_id}")
    if doi is not None:
        keys.add(f"doi:{doi}")
    return tuple(sorted(keys))


def title_key(paper: Paper) -> str | None:
    """Return the normalised title, the blocking key of `same_paper`; None where it has no word."""
    return normalise_title(paper.title) or None


def same_paper(a: Paper, b: Paper) -> str | None:
    """Return why two records are one paper, or None if they are two.

    Compare only records that share one of `identity_keys` or their `title_key`.
    """
    shared = set(identity_keys(a)) & set(identity_keys(b))
    if shared:
        return f"same id {min(shared)}"
    title = title_key(a)
    if title is None or title != title_key(b) or not _may_be_one(a, b):
        return None
    if a.authors and b.authors:
        authors = _author_keys(a.authors) & _author_keys(b.authors)
        return f"same title and author {min(authors)}" if authors else None
    return "same title" if len(title.split()) >= _MIN_TITLE_WORDS else None


def _without(prefix: re.Pattern[str], value: str) -> str:
    bare = unquote(value.strip())
    found = prefix.match(bare)
    return bare[found.end() :] if found else bare


def _may_be_one(a: Paper, b: Paper) -> bool:
    if a.year is not None and b.year is not None and abs(a.year - b.year) > _MAX_YEARS_APART:
        return False
    dois = {doi for doi in (_doi(a), _doi(b)) if doi is not None and not is_preprint_doi(doi)}
    return len(dois) < 2


def _author_keys(authors: tuple[Author, ...]) -> set[str]:
    named = {author_key(author.name) for author in authors}
    return (named | {author.id for author in authors if author.id is not None}) - {""}


def _arxiv_id(paper: Paper) -> str | None:
    if paper.arxiv_id is not None:
        return normalise_arxiv_id(paper.arxiv_id)
    return arxiv_id_of_doi(paper.doi) if paper.doi is not None else None


def _doi(paper: Paper) -> str | None:
    return normalise_doi(paper.doi) if paper.doi is not None else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
