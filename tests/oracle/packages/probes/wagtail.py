"""Wagtail: pages, view sets and blocks."""

from django.db import models
from wagtail import blocks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.snippets.views.snippets import SnippetViewSet

APPS = [
    "wagtail.contrib.forms",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
SETTINGS = {"WAGTAIL_SITE_NAME": "shelf", "WAGTAILADMIN_BASE_URL": "http://localhost"}


class NotePage(Page):
    body = StreamField(
        [
            ("StructBlock", blocks.StructBlock([])),
            ("ListBlock", blocks.ListBlock(blocks.CharBlock())),
            ("StreamBlock", blocks.StreamBlock([])),
            ("CharBlock", blocks.CharBlock()),
            ("ChoiceBlock", blocks.ChoiceBlock(choices=[])),
            ("FieldBlock", blocks.IntegerBlock()),
        ],
        blank=True,
    )


class Note(models.Model):
    text = models.CharField(max_length=30)


def fill():
    from wagtail.models import Locale

    Locale.objects.get_or_create(language_code="en")
    root = Page.add_root(title="root", slug="root")
    root.add_child(instance=NotePage(title="note", slug="note"))


def registered(base):
    """How many objects of a view set the registry gives to those who ask twice."""
    from wagtail.admin.viewsets import viewsets

    if base is SnippetViewSet:
        from wagtail.snippets.models import register_snippet

        register_snippet(Note, viewset=base)
        return len({id(Note.snippet_viewset) for _ in range(2)})
    viewset = type("Notes", (base,), {"model": Note, "form_fields": ["text"]})("notes")
    viewsets.register(viewset)
    return len({id(each) for _ in range(2) for each in viewsets.viewsets if each is viewset})


def shown(block):
    """How many objects of a block two pages show."""
    pages = [NotePage(title=title).body.stream_block.child_blocks for title in "ab"]
    return len({id(children[block]) for children in pages})


OBJECTS = {
    "wagtail.models.Page": "Page",
    "wagtail.models.PageManager": "Page.objects",
    "wagtail.query.PageQuerySet": "Page.objects.all()",
}
MODELS = {"wagtail.models.Page": "NotePage"}
LIVES = {
    "wagtail.admin.viewsets.model.ModelViewSet": "registered(ModelViewSet)",
    "wagtail.snippets.views.snippets.SnippetViewSet": "registered(SnippetViewSet)",
}
_BLOCKS = "StructBlock ListBlock StreamBlock CharBlock ChoiceBlock FieldBlock".split()
LIVES |= {f"wagtail.blocks.{name}": f"shown('{name}')" for name in _BLOCKS}
KINDS = {
    f"wagtail.blocks.{name}": lambda cls: "block" if issubclass(cls, blocks.Block) else ""
    for name in _BLOCKS
}
