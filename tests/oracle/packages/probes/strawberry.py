"""Strawberry: what a resolver returns is iterated in place."""

import strawberry
from django.db import models

APPS = []


class Page(models.Model):
    text = models.CharField(max_length=30)


def serves():
    """Whether two answers with the rows of one queryset differ after a new row."""
    rows = Page.objects.all()

    @strawberry.type
    class PageType:
        text: str

    @strawberry.type
    class Query:
        @strawberry.field
        def pages(self) -> list[PageType]:
            return rows

    schema, answers = strawberry.Schema(query=Query), []
    for _ in range(2):
        Page.objects.create(text="new")
        answers.append(schema.execute_sync("{ pages { text } }").data)
    return "stale" if answers[0] == answers[1] else "fresh"


BEHAVES = {"strawberry.field": "serves() == 'stale'"}
