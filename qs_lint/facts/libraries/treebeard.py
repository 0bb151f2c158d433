"""django-treebeard."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, of

_ALL = {
    "get_root_nodes": Method("lazy"),
    "get_first_root_node": Method("evaluates", "instance"),
    "get_last_root_node": Method("evaluates", "instance"),
    "get_annotated_list": Method("evaluates", "list"),
    "dump_bulk": Method("evaluates", "list"),
    "add_root": Method("writes", "instance"),
}
_TREE = {**_ALL, "get_tree": Method("lazy")}


def _node(manager: str, methods: dict[str, Method]) -> Class:
    return Class(frozenset({"model"}), managers={"objects": manager}, methods=methods)


def _manager() -> Class:
    return Class(frozenset({"manager"}), "process", plain=True)


LIBRARY = Library(
    "django-treebeard",
    classes={
        "treebeard.mp_tree.MP_Node": _node("treebeard.mp_tree.MP_NodeManager", _TREE),
        "treebeard.ns_tree.NS_Node": _node("treebeard.ns_tree.NS_NodeManager", _TREE),
        # without children to start from, the whole tree of an adjacency list is asked for at once
        "treebeard.al_tree.AL_Node": _node(
            "treebeard.al_tree.AL_NodeManager", {**_ALL, "get_tree": Method("evaluates", "list")}
        ),
        "treebeard.mp_tree.MP_NodeManager": _manager(),
        "treebeard.ns_tree.NS_NodeManager": _manager(),
        "treebeard.al_tree.AL_NodeManager": _manager(),
        "treebeard.mp_tree.MP_NodeQuerySet": Class(frozenset({"queryset"}), plain=True),
        "treebeard.ns_tree.NS_NodeQuerySet": Class(frozenset({"queryset"}), plain=True),
        "treebeard.admin.TreeAdmin": of("admin", "process"),
        "treebeard.forms.MoveNodeForm": of("form model-form", "request"),
        "treebeard.forms.TreeNodeChoiceField": of("form-field queryset-field", "request"),
    },
)
