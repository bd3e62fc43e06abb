"""From a store to a file, or a folder of files, of another format."""

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import InputError
from kg.export.content import Content, read_content
from kg.export.gexf import write_gexf
from kg.export.graphml import write_graphml
from kg.export.jsonld import write_jsonld
from kg.export.neo4j_admin import ARGUMENTS, COMMAND, remove_import_files, write_import_files
from kg.export.parquet import write_edges, write_nodes
from kg.store.base import Store

__all__ = ["FORMATS", "Exported", "export_graph"]

_Writer = Callable[[Content, IO[bytes]], None]

_FILES: Mapping[str, _Writer] = {
    "graphml": write_graphml,
    "gexf": write_gexf,
    "jsonld": write_jsonld,
}
_FOLDERS: Mapping[str, Mapping[str, _Writer]] = {
    "parquet": {"nodes.parquet": write_nodes, "edges.parquet": write_edges},
}

_IMPORT = "neo4j-admin"

FORMATS: tuple[str, ...] = (*_FILES, *_FOLDERS, _IMPORT)
"""What a graph can be exported to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How much was written."""

    nodes: int
    edges: int
    command: str | None = None
    """What loads it, run in the folder, where it takes a command."""


def export_graph(store: Store, output_format: str, path: Path) -> Exported:
    """Write the graph to a file, or for "parquet" and "neo4j-admin" to a folder.

    A folder is made where it is missing, and what else is in it stays. The bytes depend on the
    graph alone. Files come under their names in one step when all is
    written: who looks sees the old ones or the new ones whole.

    Raises
    ------
    InputError
        The format is unknown, or the path cannot be written to.
    MissingDependencyError
        The format needs a package that is not installed.
    """
    if output_format not in FORMATS:
        message = f"cannot export to {output_format!r}; choose from {', '.join(FORMATS)}"
        raise InputError(message)
    try:
        if output_format == _IMPORT:
            return _write_import(store, path)
        return _write_content(store, output_format, path)
    except OSError as error:
        raise InputError.unwritable(path, error) from error


def _write_content(store: Store, output_format: str, path: Path) -> Exported:
    content = read_content(store)
    if output_format in _FILES:
        targets = {path: _FILES[output_format]}
    else:
        targets = {path / name: write for name, write in _FOLDERS[output_format].items()}
    if output_format in _FOLDERS:
        path.mkdir(exist_ok=True)
    _write_all(content, targets)
    return Exported(nodes=len(content.nodes), edges=len(content.edges))


def _write_import(store: Store, path: Path) -> Exported:
    """Write beside the old files; their arguments go first and the new ones come last."""
    path.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", suffix=".part", dir=path) as part:
        nodes, edges = write_import_files(store, Path(part))
        remove_import_files(path)
        for file in sorted(Path(part).iterdir(), key=lambda file: file.name == ARGUMENTS):
            file.replace(path / file.name)
    return Exported(nodes=nodes, edges=edges, command=COMMAND)


def _write_all(content: Content, targets: Mapping[Path, _Writer]) -> None:
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in targets}
    with ExitStack() as stack:
        for part in parts.values():
            stack.callback(part.unlink, missing_ok=True)
        for path, write in targets.items():
            with parts[path].open("wb") as file:
                write(content, file)
        for path, part in parts.items():
            part.replace(path)
