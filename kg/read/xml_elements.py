"""Elements of an XML file, one at a time: no DTD read, no entity expanded, nothing fetched."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kg.errors import InputError
from kg.read.fields import Placed, rejected
from kg.read.source import Source
from kg.records import Reason

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

__all__ = ["Element", "elements", "words"]


def elements(
    source: Source, fields: Callable[[Element], dict[str, Any]], *, root: str, tag: str
) -> Iterator[tuple[str, dict[str, Any]] | Placed]:
    """Yield the `fields` of each element of a tag, with its place; one is in memory at a time.

    Where the file is no XML any more, a Rejected comes and the rest is not read.

    Raises
    ------
    InputError
        The root is another element, or the file has a DOCTYPE, which could define entities.
    """
    from lxml import etree

    found = etree.iterparse(
        source.lines.buffer, events=("start", "end"), tag=(root, tag),
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    try:
        for event, element in found:
            if event == "start" and element.getparent() is None:
                _check(element, root, source.name)
            if event == "end" and element.tag == tag:
                yield f"{source.name}:{element.sourceline}", fields(element)
                element.clear()
        top = found.root
    except etree.XMLSyntaxError as err:
        where = f"{source.name}:{err.lineno or 1}"
        detail = f"no XML ({err.msg}): the rest of the file is not read"
        yield rejected(Reason.MALFORMED, where, detail)
        return
    _check(top, root, source.name)


def words(element: Element | None) -> str:
    """Return the text of an element and of all inside it; empty where there is none."""
    return "" if element is None else "".join(element.itertext())


def _check(top: Element, root: str, name: str) -> None:
    if top.getroottree().docinfo.doctype:
        raise InputError(f"{name}: has a DOCTYPE, which may define entities: remove that line")
    if top.tag != root:
        wanted, found = (tag.rpartition("}")[2] for tag in (root, str(top.tag)))
        raise InputError(f"{name}: the XML is a <{found}> where a <{wanted}> is read")
