"""django-mptt: a tree of genres."""

from django.db import models
from mptt.models import MPTTModel, TreeForeignKey

APPS = ["mptt"]
ROWS = "Genre.objects.all()"


class Genre(MPTTModel):
    name = models.CharField(max_length=30)
    parent = TreeForeignKey("self", models.CASCADE, null=True, related_name="children")


def fill():
    root = Genre.objects.create(name="root")
    Genre.objects.create(name="leaf", parent=root)


MODELS = {"mptt.models.MPTTModel": "Genre"}
OBJECTS = {
    "mptt.managers.TreeManager": "Genre.objects",
    "mptt.querysets.TreeQuerySet": "Genre.objects.all()",
}
METHODS = {
    "mptt.managers.TreeManager": {
        "root_node": "M.root_node(1)",
        "get_queryset_ancestors": "M.get_queryset_ancestors(Q)",
        "get_queryset_descendants": "M.get_queryset_descendants(Q)",
    }
}
CALLS = {
    ("mptt.utils.get_cached_trees", 0): "F(Q)",
    ("mptt.utils.get_cached_trees", "queryset"): "F(queryset=Q)",
    ("mptt.templatetags.mptt_tags.cache_tree_children", 0): "F(Q)",
    ("mptt.templatetags.mptt_tags.cache_tree_children", "queryset"): "F(queryset=Q)",
    ("mptt.utils.tree_item_iterator", 0): "F(Q)",
}
