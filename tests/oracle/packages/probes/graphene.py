"""Graphene: what a resolver returns is iterated in place."""

import graphene
from django.db import models

APPS = []


class Page(models.Model):
    text = models.CharField(max_length=30)


class PageType(graphene.ObjectType):
    text = graphene.String()


def serves(cls):
    """Whether two answers with the rows of one queryset differ after a new row."""
    rows = Page.objects.all()

    class Query(cls):
        pages = graphene.List(PageType)

        def resolve_pages(self, info):
            return rows

    schema, answers = graphene.Schema(query=Query), []
    for _ in range(2):
        Page.objects.create(text="new")
        answers.append(schema.execute("{ pages { text } }").data)
    return "stale" if answers[0] == answers[1] else "fresh"


KINDS = {
    "graphene.ObjectType": lambda cls: "resolvers" if serves(cls) == "stale" else "",
}
