"""Every command in the README, and every example in a help text, does what it says."""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kg.api import build, sample_papers
from kg.cli import root

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _readme_commands() -> list[str]:
    lines = re.findall(r"^\$ (kg .*)$", README, re.MULTILINE)
    return list(dict.fromkeys(lines))


def _help_examples() -> Iterator[object]:
    context = click.Context(root)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        found = re.search(r"Example: (kg .*)", command.help or "")
        assert found is not None, f"kg {name} --help ends without an example"
        yield pytest.param(found[1], marks=pytest.mark.train) if name == "train" else found[1]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sample papers, a graph of them, and gold annotations to score and to learn."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copy(sample_papers(), folder / "papers.jsonl")
    build(folder / "papers.jsonl", store=folder / "papers.kg")
    for name in ("texts.jsonl", "gold.jsonl"):
        shutil.copy(ROOT / "tests" / "data" / name, folder / name)
        (folder / "gold").mkdir(exist_ok=True)
        rows = [json.loads(line) for line in (folder / name).read_text().splitlines()]
        copies = [row | {"id": f"{row['id']}-{k}"} for k in range(40) for row in rows]
        lines = "".join(json.dumps(row) + "\n" for row in copies)
        (folder / "gold" / f"train.{name}").write_text(lines)
    return folder


@pytest.mark.parametrize("command", [*_readme_commands(), *_help_examples()])
def test_documented_command_runs(command: str, workplace: Path, run_kg) -> None:
    if command.startswith("kg train"):
        pytest.importorskip("torch", reason="kg train needs pip install 'papers-kg[train]'")
    target = re.search(r" > (\S+)$", command)
    words = shlex.split(command[: target.start()] if target else command)
    if words[1] == "serve":
        _serves_until_interrupted(words, workplace)
        return
    done = run_kg(*words[1:], cwd=workplace)
    assert done.returncode == 0, done.stderr
    assert done.stdout or words[1] in {"build", "export", "merge", "pull", "push", "split", "view"}
    if target:
        (workplace / target[1]).write_text(done.stdout, encoding="utf-8")


def _serves_until_interrupted(words: list[str], workplace: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=workplace, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert "bolt://127.0.0.1:" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    finally:
        process.kill()
        process.communicate()


def test_readme_python_example_runs(workplace: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=workplace, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "BBH" in done.stdout
