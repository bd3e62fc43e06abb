"""The extractor that runs the spaCy pipeline, in this process or in several."""

import hashlib
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial
from importlib.resources import files
from itertools import islice
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc

from kg.catalogue import Catalogue, load_catalogue
from kg.extract.components import PIPELINE, RULES_VERSION, CatalogueComponent
from kg.extract.state import KEY, Reading, reading_of
from kg.extract.tokens import blank_pipeline
from kg.extract.trained import has_model, model_version
from kg.records import Paper, Record

__all__ = ["SpacyExtractor", "load_pipeline"]

_BATCH = 32
_MODEL = "kg_model"
_MAX_THREADS = 4
_MAX_CHARACTERS = 40_000
"""A text is read up to here: no abstract is so long, and memory and time stay bounded."""


class SpacyExtractor:
    """Runs the pipeline over papers; `n_process` > 1 spreads them over processes."""

    def __init__(
        self, *, model: bool | None = None, catalogue: Catalogue | None = None, n_process: int = 1
    ) -> None:
        self._catalogue = load_catalogue() if catalogue is None else catalogue
        self._model = has_model() if model is None else model
        self._nlp = load_pipeline(self._catalogue, model=self._model)
        self._n_process = n_process
        self.name = "spacy"
        self.version = _version(model=self._model)
        self.options: Mapping[str, str] = {
            "catalogue": self._catalogue.digest,
            "model": "on" if self._model else "off",
        }

    def extract(self, papers: Iterable[Paper]) -> Iterator[Record]:
        """Yield one record a paper, in order; papers are read a few hundred ahead at most."""
        if self._n_process <= 1:
            yield from read_papers(self._nlp, papers)
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self._n_process, mp_context=context) as pool:
            read = partial(_read_batch, self._catalogue, self._model)
            yield from _in_order(pool, read, iter(papers), 3 * self._n_process)


def read_paper(nlp: Language, paper: Paper) -> Record:
    """Return what the pipeline reads off one paper."""
    return to_record(paper, _run(nlp.pipeline, _document(nlp, paper)))


def read_papers(nlp: Language, papers: Iterable[Paper]) -> Iterator[Record]:
    """Yield what the pipeline reads off each paper, in order.

    The trained model runs in threads of its own, a few papers ahead of the rules: it leaves the
    interpreter free, and each paper is its own affair.
    """
    names = nlp.pipe_names
    if _MODEL not in names:
        yield from (read_paper(nlp, paper) for paper in papers)
        return
    place = names.index(_MODEL)
    first, (_, model), last = nlp.pipeline[:place], nlp.pipeline[place], nlp.pipeline[place + 1 :]
    n_threads = min(_MAX_THREADS, os.cpu_count() or 1)
    pending: deque[tuple[Paper, Future[Doc]]] = deque()
    with ThreadPoolExecutor(n_threads) as pool:
        for paper in papers:
            pending.append((paper, pool.submit(model, _run(first, _document(nlp, paper)))))
            if len(pending) > n_threads:
                done, future = pending.popleft()
                yield to_record(done, _run(last, future.result()))
        while pending:
            done, future = pending.popleft()
            yield to_record(done, _run(last, future.result()))


def _document(nlp: Language, paper: Paper) -> Doc:
    text = _head(paper.text)
    doc = nlp.make_doc(text)
    doc.user_data[KEY] = Reading(text=text, title_end=min(len(paper.title), len(text)))
    return doc


def _head(text: str) -> str:
    """Cut a text that is too long between two words."""
    if len(text) <= _MAX_CHARACTERS:
        return text
    head, space, _ = text[:_MAX_CHARACTERS].rpartition(" ")
    return head if space else text[:_MAX_CHARACTERS]


def _run(components: Iterable[tuple[str, Callable[[Doc], Doc]]], doc: Doc) -> Doc:
    for _, component in components:
        doc = component(doc)
    return doc


def to_record(paper: Paper, doc: Doc) -> Record:
    """Return the record of what the components have written on a document."""
    reading = reading_of(doc)
    text = paper.text
    pairs = [(text[slice(*long)], text[slice(*short)]) for long, short in reading.abbreviations]
    return Record(
        id=paper.id,
        paper=paper,
        entities=tuple(reading.entities),
        relations=tuple(reading.relations),
        results=tuple(reading.results),
        abbreviations=tuple(dict.fromkeys(pairs)),
    )


def load_pipeline(catalogue: Catalogue, *, model: bool) -> Language:
    """Return the spaCy pipeline; `model` tells whether the trained model is one of its parts."""
    nlp = blank_pipeline()
    for name in PIPELINE:
        if name != "kg_model" or model:
            nlp.add_pipe(name)
    cast("CatalogueComponent", nlp.get_pipe("kg_catalogue")).use(catalogue)
    return nlp


@cache
def _version(*, model: bool) -> str:
    """Return a version that changes with the rules, their data, and the weights."""
    digest = hashlib.sha256()
    for item in sorted((files("kg.extract") / "data").iterdir(), key=lambda item: item.name):
        digest.update(item.name.encode() + item.read_bytes())
    rules = f"{RULES_VERSION}.{digest.hexdigest()[:8]}"
    return f"{rules}+{model_version()}" if model else rules


def _in_order(
    pool: ProcessPoolExecutor,
    read: Callable[[tuple[Paper, ...]], list[Record]],
    papers: Iterator[Paper],
    n_ahead: int,
) -> Iterator[Record]:
    """Yield the records of `papers` in order, with at most `n_ahead` batches under way."""
    batches = iter(lambda: tuple(islice(papers, _BATCH)), ())
    pending: deque[Future[list[Record]]] = deque()
    for batch in islice(batches, n_ahead):
        pending.append(pool.submit(read, batch))
    while pending:
        done = pending.popleft().result()
        for batch in islice(batches, 1):
            pending.append(pool.submit(read, batch))
        yield from done


def _read_batch(catalogue: Catalogue, model: bool, papers: tuple[Paper, ...]) -> list[Record]:
    nlp = _worker_pipeline(catalogue, model=model)
    return [read_paper(nlp, paper) for paper in papers]


@cache
def _worker_pipeline(catalogue: Catalogue, *, model: bool) -> Language:
    return load_pipeline(catalogue, model=model)
