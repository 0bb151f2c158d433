"""Small packages whose modules share registries, import each other and mutate what they import.

Few names for many things, so that the modules of a package meet: ``box`` is a dict in one module,
is filled by a second one and read by a third.  Whether a module knows what another one filled may
depend on its own imports, never on which files are checked beside it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

#: What every package starts from.
MODELS = """\
from django.db import models

class Order(models.Model):
    open = models.BooleanField()
    at = models.DateTimeField()

class Post(models.Model):
    text = models.TextField()
    order = models.ForeignKey(Order, models.CASCADE)
"""
HEAD = """\
import random
from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import ListView, TemplateView
from .models import Order, Post
"""
QUERYSETS = """Order.objects.all()|Order.objects.filter(open=True)|Post.objects.all()|q
Post.objects.filter(at__lt=timezone.now())|Model.objects.all()|made()|one.shared[0]|box["q"]
rows[0]|held()[0]|put(Order.objects.all())[0]|list(Order.objects.all())|Holder.q|two.q""".replace(
    "\n", "|"
).split("|")
#: Names that modules give each other.
NAMES = """box rows bag nested registry Registry Holder Base View Mixin Model n q made put held keep
 set_q one two READ FIRST wrapped""".split()
#: Definitions: a name means the same kind of thing in most modules.
DEFINING = """box = {}
rows = []
bag = set()
nested = {"a": [], "b": {}}
n = 0
q = [QS]
Model = Post
class Holder:
    shared = []
    by_name = {}
    q = None
    def __init__(self, given=None):
        self.mine = []
        self.given = given
    def add(self, value):
        self.shared.append(value)
        self.mine.append(value)
        return self
    @classmethod
    def note(cls, name, value):
        cls.by_name[name] = value
class Holder:
    shared = []
    shared.append([QS])
    n = 1
    if settings.DEBUG:
        q = [QS]
    else:
        q = []
    for n in range(3):
        shared.append([QS])
class Registry:
    def __init__(self):
        self.known = {}
        self.order = []
    def register(self, value, name="q"):
        self.known[name] = value
        self.order.append(value)
        return value
    def all(self):
        return self.order
registry = Registry()
one = Holder()
two = Holder([QS])
def put(value, into=[]):
    into.append(value)
    return into
def made():
    return [QS]
def made():
    return rows[0]
def maker(kept):
    def held(value=None):
        nonlocal n
        n = value
        kept.append(value)
        return kept
    n = 0
    return held
held = maker([])
def set_q(value):
    global q
    q = value
    return value
class Base(ListView):
    queryset = [QS]
    def get_queryset(self):
        return self.queryset
class Base(Mixin, ListView):
    model = Model
    shared = rows
class Mixin:
    extra_context = {"rows": rows, "q": [QS]}
    def get_context_data(self, **kwargs):
        return super().get_context_data(rows=list(self.queryset), q=q, **kwargs)
def wrapped(function):
    rows.append(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner""".split("\n")
#: What changes what is there.
CHANGING = """box["q"] = [QS]
box.update(q=[QS], other=n)
box.setdefault("q", [QS])
rows.append([QS])
rows += [[QS]]
rows.extend([[QS], n])
rows[0] = [QS]
bag.add([QS])
nested["a"].append([QS])
nested["b"]["q"] = [QS]
nested["b"].update(box)
registry.register([QS])
registry.register(value=[QS], name="other")
registry.order.append([QS])
registry.q = [QS]
one.add([QS])
one.add([QS]).add(n)
one.mine.append([QS])
two.given = [QS]
Holder.shared.append([QS])
Holder.note("q", [QS])
Holder.q = [QS]
Holder.by_name["q"] = [QS]
Base.queryset = [QS]
put([QS])
held([QS])
keep = put(n)
set_q([QS])
n, q = len(rows), [QS]
q = n
q = q.filter(open=True)
q.extra = [QS]
made.kept = [QS]
Model = Order
del q
list(q)
for n in range(3):
    rows.append([QS])
for n, q in [(1, [QS]), (2, [QS])]:
    box[n] = q
for n in rows:
    bag.add(n)
for q in [[QS], [QS]]:
    n = q
    rows.append(q)
while n:
    n = n - 1
    box["q"] = [QS]
if settings.DEBUG:
    Model = Order
    n = 1
else:
    Model = Post
    rows.append([QS])
if settings.DEBUG:
    q = [QS]
    Model = Order
if n:
    rows.append([QS])
elif settings.DEBUG:
    box["q"] = [QS]
else:
    q = None
try:
    rows.append([QS])
    n = 1
except ValueError:
    q = [QS]
    n = 2
with held() as n:
    rows.append([QS])
    q = n
@wrapped
def made():
    return [QS]
@registry.register
def made():
    return [QS]
@registry.register
class Holder(Holder):
    q = [QS]""".split("\n")
#: What a finding may come from.
READING = """READ = list([QS])
READ = list(box["q"])
READ = [list(value) for value in rows]
READ = list(registry.order[0])
READ = list(registry.known["q"])
READ = list(registry.all()[0])
READ = list(nested["a"][0])
READ = list(one.mine[0])
READ = list(one.shared[0])
READ = list(two.given)
READ = list(Holder.by_name["q"])
READ = list(held()[0])
READ = list(put(None)[0])
READ = [list(value) for value in bag]
READ = len(q)
READ = made().first()
FIRST = rows[0]
FIRST = n
for row in q:
    rows.append(row)
for value in rows:
    READ = list(value)
class View(ListView):
    queryset = rows[0]
class View(Base):
    queryset = [QS]
class View(Base):
    shared = list(q)
class View(Mixin, ListView):
    queryset = [QS]
class View(Mixin, Base):
    pass
class View(TemplateView):
    extra_context = {"rows": [QS], "q": q}
class View(Holder, ListView):
    model = Order
    def get_queryset(self):
        return self.shared[0]
def view(request):
    return render(request, "a.html", {"rows": list(rows[0]), "q": q})
def view(request):
    for value in box["q"]:
        rows.append(value)
    return list(one.mine[0])
def view(request):
    return [list(registry.known["q"]), list(Holder.q), list(READ)]
def view(request):
    if rows[0]:
        return list(made())
    return list(held()[0])
def view(request, into=rows):
    return [list(value) for value in into]
def view(request):
    if "q" not in box:
        box["q"] = list([QS])
    return box["q"]
def view(request):
    one.add([QS])
    return list(one.shared[0])
def view(request):
    return Order.objects.filter(at__lt=n)""".split("\n")


def _chunks(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        follows = line.startswith((" ", "elif", "else", "except"))
        decorated = bool(found) and found[-1].split("\n")[-1].startswith("@")
        if follows or decorated:
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


_DEFINING, _CHANGING, _READING = _chunks(DEFINING), _chunks(CHANGING), _chunks(READING)


@dataclass(frozen=True)
class Package:
    """The name of a package and the text of each of its files, by the name in its folder."""

    name: str
    files: dict[str, str]


class Writer:
    """Writes one package; everything follows from ``chance``."""

    def __init__(self, chance: random.Random, circles: bool = True) -> None:
        self.chance = chance
        #: whether modules may import each other; else they import only those before them
        self.circles = circles

    def package(self, name: str) -> Package:
        """A package of three to six modules beside its models."""
        chance = self.chance
        modules = chance.sample(("a", "b", "c", "d", "e", "f"), chance.randint(3, 6))
        files = {"__init__.py": "", "models.py": MODELS}
        if not self.circles:
            modules.sort()
        for number, module in enumerate(modules):
            others = [other for other in modules if other != module or chance.random() < 0.05]
            if not self.circles:
                others = modules[:number] or ["models"]
            files[f"{module}.py"] = self.module(others)
        if self.circles and chance.random() < 0.3:
            files["__init__.py"] = self.imports(modules)
        return Package(name, dict(sorted(files.items())))

    def imports(self, others: list[str]) -> str:
        """Imports from the modules beside it."""
        chance = self.chance
        lines: list[str] = []
        for _ in range(chance.randint(1, 4)):
            other = chance.choice(others)
            names = chance.sample(NAMES, chance.randint(1, 6))
            renamed = chance.choice(NAMES)
            lines.append(
                chance.choice(
                    (
                        f"from .{other} import {', '.join(names)}",
                        f"from .{other} import {', '.join(names)}",
                        f"from .{other} import {names[0]} as {renamed}",
                        f"from .{other} import *",
                        f"from . import {other}",
                        f"from . import {other} as {renamed}",
                    )
                )
            )
        return "\n".join(lines) + "\n"

    def module(self, others: list[str]) -> str:
        """One module: imports, then definitions, changes and uses, in about this order."""
        chance = self.chance
        parts = [HEAD]
        parts.append(self.imports(others))
        defining = chance.choice((0, 3, 10, 18))
        changing = chance.choice((0, 1, 3, 5))
        reading = chance.choice((0, 1, 3, 5))
        chunks = [_DEFINING[n] for n in sorted(chance.sample(range(len(_DEFINING)), defining))]
        chunks += chance.choices(_CHANGING, k=changing)
        chunks += chance.choices(_READING, k=reading)
        if chance.random() < 0.2:
            chance.shuffle(chunks)
        if chance.random() < 0.2:
            chunks.append(self.imports(others).rstrip())
        for chunk in chunks:
            parts.append(self.qualified(self.filled(chunk), others) + "\n")
        return "".join(parts)

    def filled(self, chunk: str) -> str:
        """A chunk with querysets in the places for them."""
        while "[QS]" in chunk:
            chunk = chunk.replace("[QS]", self.chance.choice(QUERYSETS), 1)
        return chunk

    def qualified(self, chunk: str, others: list[str]) -> str:
        """Now and then, a name is that of another module: ``b.rows``."""
        if self.chance.random() < 0.15:
            name = self.chance.choice(("rows", "box", "registry", "one", "Holder", "made"))
            other = self.chance.choice(others)
            for after in (".append", "[0]", '["q"]', ".register", ".add", ".shared", ".all"):
                chunk = chunk.replace(f" {name}{after}", f" {other}.{name}{after}")
            if chunk.startswith((f"{name}.", f"{name}[")):
                chunk = f"{other}.{chunk}"
        return chunk


def packages(seed: int, count: int, *, circles: bool = True) -> list[Package]:
    """So many packages; the same ones for the same seed, whatever their number."""
    return [Writer(random.Random(f"{seed}/{n}"), circles).package(f"p{n}") for n in range(count)]
