"""django-treebeard: three ways to keep a tree."""

from django.db import models
from treebeard.al_tree import AL_Node
from treebeard.mp_tree import MP_Node
from treebeard.ns_tree import NS_Node

APPS = ["treebeard"]


class Path(MP_Node):
    name = models.CharField(max_length=30)


class Nested(NS_Node):
    name = models.CharField(max_length=30)


class Adjacent(AL_Node):
    name = models.CharField(max_length=30)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    sib_order = models.PositiveIntegerField()


def fill():
    for model in (Path, Nested, Adjacent):
        model.add_root(name="root").add_child(name="leaf")


OBJECTS = {
    "treebeard.mp_tree.MP_Node": "Path",
    "treebeard.ns_tree.NS_Node": "Nested",
    "treebeard.al_tree.AL_Node": "Adjacent",
    "treebeard.mp_tree.MP_NodeManager": "Path.objects",
    "treebeard.ns_tree.NS_NodeManager": "Nested.objects",
    "treebeard.al_tree.AL_NodeManager": "Adjacent.objects",
}
MODELS = {name: model for name, model in OBJECTS.items() if not name.endswith("Manager")}
METHODS = {name: {"add_root": "M.add_root(name='more')"} for name in MODELS}
