"""django-ninja: what an operation is given is made for each request."""

import ninja
from django.db import models

APPS = []


class Page(models.Model):
    text = models.CharField(max_length=30)


class PageSchema(ninja.Schema):
    text: str


def serves(owner, method, *decorators):
    """Whether two answers with the rows of one queryset differ after a new row."""
    from ninja.testing import TestClient

    maker, rows = owner(), Page.objects.all()

    def show(request):
        return rows

    for decorator in decorators:
        show = decorator(show)
    if method == "api_operation":
        maker.api_operation(["GET"], "/pages", response=list[PageSchema])(show)
        method = "get"
    else:
        getattr(maker, method)("/pages", response=list[PageSchema])(show)
    client, answers = TestClient(maker), []
    for _ in range(2):
        Page.objects.create(text="new")
        answers.append(str(getattr(client, method)("/pages").json()))
    return "stale" if answers[0] == answers[1] else "fresh"


def served():
    """How many objects of a schema two requests make."""
    from ninja.testing import TestClient

    class Note(ninja.Schema):
        text: str

    seen = []
    api = ninja.NinjaAPI()

    @api.post("/notes")
    def add(request, note: Note):
        seen.append(note)
        return {}

    client = TestClient(api)
    for _ in range(2):
        assert client.post("/notes", json={"text": "a"}).status_code == 200
    return len({id(note) for note in seen})


READ = []


def note():
    """An annotation that notes when it is evaluated."""
    READ.append(1)
    return str


def reads(cls):
    """Whether the class evaluates annotations, written as text, while it is made."""
    from django.contrib.auth.models import User

    READ.clear()

    class Made(cls):
        text: "note()"

        class Meta:
            model = User
            fields = ["id"]

    return "annotated annotated-text" if READ else ""


_NAMES = ("ninja.Schema", "ninja.ModelSchema", "ninja.FilterSchema")
# the three are made by the same code of pydantic
LIVES = dict.fromkeys(_NAMES, "served()")
KINDS = dict.fromkeys(
    _NAMES,
    lambda cls: f"schema {reads(cls)}" if issubclass(cls, ninja.Schema) else "",
)
SERVES = {
    f"ninja.{owner}.{method}": f"serves(ninja.{owner}, {method!r})"
    for owner in ("NinjaAPI", "Router")
    for method in ("get", "post", "put", "patch", "delete", "api_operation")
}
BEHAVES = {"ninja.pagination.paginate": "serves(ninja.Router, 'get', F) == 'fresh'"}
