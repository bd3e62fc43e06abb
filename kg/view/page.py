"""The page itself: one HTML file that fetches nothing and runs nothing but our two scripts."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from kg.records import Edge, Node
from kg.schema import Label, RelationType
from kg.text import collapse_spaces, strip_controls
from kg.view.palette import LOOKS
from kg.view.picture import LIMIT, Picture, draw
from kg.view.select import Part, find_nodes, neighbourhood
from kg.view.tables import Tables, build_tables

__all__ = ["render_graph"]

_SCRIPTS = (
    "model.js",
    "places.js",
    "theme.js",
    "canvas.js",
    "names.js",
    "panel.js",
    "evidence.js",
    "search.js",
    "filters.js",
    "keys.js",
    "main.js",
)
_VIS_NETWORK = "lib/vis-9.1.2/vis-network.min.js"
_NOT_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def render_graph(
    nodes: Iterable[Node],
    edges: Iterable[Edge],
    *,
    focus: str | None = None,
    depth: int = 1,
    title: str | None = None,
) -> str:
    """Return a self-contained HTML page of the graph; the same graph gives the same bytes.

    `focus` leaves only what lies within `depth` relationships of the node of that name. All of
    the rest is in the page, the best supported part of it drawn when the page opens.

    Raises
    ------
    InputError
        No node is called `focus`.
    """
    part = Part(nodes=tuple(nodes), edges=tuple(edges))
    papers = [node for node in part.nodes if node.label == Label.PAPER]
    seeds: tuple[Node, ...] = ()
    if focus is not None:
        seeds = find_nodes(part.nodes, focus)
        part = neighbourhood(part, seeds, depth=depth)
    tables = build_tables(part, papers)
    picture = draw(tables, with_papers=focus is not None)
    n_read = sum(not paper.properties.get("stub") for paper in papers)
    heading = _heading(title, focus, n_read)
    return _render(heading, _data(heading, tables, picture, seeds))


def _heading(title: str | None, focus: str | None, n_papers: int) -> str:
    if title is None:
        title = f"Knowledge graph of {n_papers:,} paper{'' if n_papers == 1 else 's'}"
        title = title if focus is None else f"{focus} · {title.lower()}"
    return collapse_spaces(strip_controls(title))


def _data(title: str, tables: Tables, picture: Picture, seeds: tuple[Node, ...]) -> dict[str, Any]:
    in_labels = Counter(row["label"] for row in tables.nodes)
    in_types = Counter(line.type for line in tables.lines)
    return {
        "title": title,
        "limit": LIMIT,
        "seeds": sorted(tables.numbers[node.id] for node in seeds),
        "labels": [
            {
                "name": label,
                "count": in_labels[label],
                "shown": label in picture.labels,
                "light": LOOKS[label].light,
                "dark": LOOKS[label].dark,
                "shape": LOOKS[label].shape,
            }
            for label in Label
            if in_labels[label]
        ],
        "types": [
            {
                "name": relation,
                "count": in_types[relation],
                "shown": relation in picture.types,
                "dashed": relation == RelationType.IS_A,
            }
            for relation in sorted(RelationType, key=lambda x: x not in picture.types)
            if in_types[relation]
        ],
        "nodes": tables.nodes,
        "lines": [[x.source, x.target, x.type, x.support, x.evidence] for x in tables.lines],
        "papers": tables.papers,
        "sentences": tables.sentences,
        "network": picture.network,
    }


def _render(title: str, data: dict[str, Any]) -> str:
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FunctionLoader(_resource), autoescape=True, undefined=StrictUndefined
    )
    script = "(() => {\n'use strict';\n" + "\n".join(map(_resource, _SCRIPTS)) + "\n})();\n"
    library, style = _vis_network(), _resource("page.css")
    parts = {"library": library, "script": script, "style": style, "data": _json(data)}
    return environment.get_template("page.html.j2").render(
        title=title,
        policy=_policy(library, script, style),
        **{name: Markup(text) for name, text in parts.items()},
    )


@cache
def _resource(name: str) -> str:
    return (files("kg.view") / "page" / name).read_text(encoding="utf-8")


@cache
def _vis_network() -> str:
    """Return vis-network as pyvis brings it, without the line that names its source map."""
    text = (files("pyvis") / _VIS_NETWORK).read_text(encoding="utf-8")
    return text.rpartition("//# sourceMappingURL")[0]


def _json(data: object) -> str:
    """Return JSON that may stand in a script element, whatever its strings hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_NOT_IN_SCRIPT)


def _policy(library: str, script: str, style: str) -> str:
    """Return a policy that lets exactly these scripts and this style sheet in."""
    return (
        f"default-src 'none'; script-src {_hash(library)} {_hash(script)}; "
        f"style-src {_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
