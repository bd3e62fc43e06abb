"""Every module lists its public names, and only names that it has."""

import importlib
import pkgutil

import pytest

import kg

NEEDS_EXTRA = ("kg.train",)


def _modules() -> list[str]:
    found = pkgutil.walk_packages(kg.__path__, "kg.")
    return sorted(
        item.name
        for item in found
        if not item.name.startswith(NEEDS_EXTRA) and item.name != "kg.__main__"
    )


@pytest.mark.parametrize("name", _modules())
def test_module_lists_its_public_names(name: str) -> None:
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", None)
    if listed is None:
        assert not [n for n in vars(module) if not n.startswith("_") and n == "__all__"]
        assert name.count(".") >= 1
        return
    assert [n for n in listed if not hasattr(module, n)] == []
    assert list(listed) == sorted(listed, key=_all_order)


def _all_order(name: str) -> tuple[int, str]:
    """Constants, classes, functions, as ruff's RUF022 sorts them."""
    group = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return group, name
