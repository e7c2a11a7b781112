"""YAML text -> plain data with the line of every part, and nothing but plain data.

Only the node tree of the YAML library is used, never its constructors: no file can make it build
an object. References are refused as well, so that a small file cannot grow into a huge tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from accreditation.schemes.problems import Finding, Path

LARGEST = 1_000_000  # bytes
_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]{1,9}")
_PLAIN: dict[str, Callable[[str], object]] = {
    f"{_TAG}str": str,
    f"{_TAG}timestamp": str,  # YAML 1.2 has no dates: what looks like one is text
    f"{_TAG}bool": lambda text: text.lower() in {"true", "yes", "on"},
    f"{_TAG}null": lambda _text: None,
    f"{_TAG}float": lambda _text: 0.0,  # no key takes one; the model refuses it whatever it is
}


@dataclass
class Tree:
    """The content of a file: mappings are dicts, lists are tuples; `lines` count from 1."""

    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read(text: str) -> Tree:
    """Read YAML 1.2; whatever is wrong with it is among the findings, the rest is still read."""
    tree = Tree()
    if len(text.encode()) > LARGEST:
        tree.findings.append(Finding("too_large", line=0))
        return tree
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        if node is None:
            tree.findings.append(Finding("empty", line=0))
        else:
            tree.data = _Plain(tree).value(node, ())
    except MarkedYAMLError as error:
        tree.findings.append(_syntax(error))
    except ReaderError as error:  # a character that no YAML file may contain
        line = text.count("\n", 0, error.position) + 1
        tree.findings.append(Finding("syntax", line=line, facts={"problem": error.reason}))
    except RecursionError:
        tree.findings.append(Finding("nested", line=0))
    return tree


def _syntax(error: MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    return Finding(
        "syntax",
        line=mark.line + 1 if mark else 0,
        facts={"problem": error.problem or error.context or ""},
    )


class _Plain:
    """Turns nodes into plain data and writes lines and findings into the tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def value(self, node: Node, path: Path) -> object:
        self.tree.lines.setdefault(path, node.start_mark.line + 1)
        if node.anchor:  # an alias is the very node it points at
            self._refuse("alias", node, path)
            return None
        if isinstance(node, MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and node.tag == f"{_TAG}seq":
            return tuple(self.value(part, (*path, n)) for n, part in enumerate(node.value))
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        content: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            here = (*path, key) if isinstance(key, str) else path
            line = key_node.start_mark.line + 1
            if key_node.tag != f"{_TAG}str":
                self.tree.findings.append(Finding("key_not_text", path, line))
            elif key in content:
                facts = {"key": key, "first": self.tree.lines[here]}
                self.tree.findings.append(Finding("duplicate_key", here, line, facts))
            else:
                self.tree.lines[here] = line
                content[key] = self.value(value_node, here)
        return content

    def _scalar(self, node: Node, path: Path) -> object:
        if isinstance(node, ScalarNode) and node.tag == f"{_TAG}int":
            return int(node.value) if _INTEGER.fullmatch(node.value) else node.value
        if isinstance(node, ScalarNode) and node.tag in _PLAIN:
            return _PLAIN[node.tag](node.value)
        self._refuse("tag", node, path)
        return None

    def _refuse(self, kind: str, node: Node, path: Path) -> None:
        line = node.start_mark.line + 1
        self.tree.findings.append(Finding(kind, path, line, {"tag": node.tag}))
