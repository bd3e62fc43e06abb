"""The user's word on names, over a store: why two are one, and merges and splits for good."""

from collections.abc import Callable
from pathlib import Path

from kg.files import save_text
from kg.pipeline import BuildReport, apply_knowledge, remember, remembered
from kg.resolve.explain import Explanation, explain_in
from kg.store.base import Store
from kg.thesaurus import Thesaurus, load_thesaurus, render_thesaurus

__all__ = ["change_thesaurus", "explain_in_store"]


def explain_in_store(store: Store, a: str, b: str) -> Explanation:
    """Return why two names are one thing or two, by the papers of a store."""
    return explain_in(a, b, store.records(), *remembered(store))


def change_thesaurus(
    store: Store, path: Path, change: Callable[[Thesaurus], Thesaurus]
) -> BuildReport:
    """Change the thesaurus file, and bring the graph to what it says.

    A file that is not there begins with what the store remembers.

    Raises
    ------
    InputError
        The file cannot be read or written, or holds something else.
    """
    known = load_thesaurus(path) if path.exists() else remembered(store)[1]
    text = render_thesaurus(change(known))
    save_text(text, path)
    remember(store, thesaurus=text)
    report = BuildReport()
    apply_knowledge(store, report)
    return report
