"""The SDK is a distribution of its own: it imports nothing of ours, and carries its own copy of the licence."""

import ast
import sys

import pytest

from tests.architecture.source import ROOT, modules, name, tree


@pytest.mark.parametrize("path", modules("sdk"), ids=name)
def test_a_module_needs_the_standard_library_and_pika_only(path):
    imported = {
        word.partition(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for word in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }
    assert imported <= set(sys.stdlib_module_names) | {"pika", "trato_events"}


def test_the_licence_is_the_one_of_the_repository():
    assert (ROOT / "sdk" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
