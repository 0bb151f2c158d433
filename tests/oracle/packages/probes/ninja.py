"""django-ninja: what an operation is given is made for each request."""

import ninja

APPS = []


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
