"""Random programs that look like Django projects, and are seldom sensible ones.

Few names for many things: classes inherit from each other in circles, functions call themselves,
aliases name themselves, modules import each other with stars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

IMPORTS = """\
from django.db import models
from django.db.models import Q, F, Count, Prefetch, Manager, QuerySet
from django.views.generic import ListView, DetailView, TemplateView
from django.views import View
from django.contrib import admin
from django import forms
from django.utils import timezone
from django.utils.functional import cached_property, SimpleLazyObject, lazy
from django.core.cache import cache
from django.shortcuts import render, get_object_or_404
from django.urls import path, include
from django.http import HttpResponse, StreamingHttpResponse
from django.contrib.auth import get_user_model
from django.apps import apps
from functools import lru_cache, partial, reduce, wraps
import datetime
import random
import itertools
import operator
from datetime import timedelta
from enum import Enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from rest_framework import serializers, viewsets, generics
import django_filters
from shop.models import Order, Post, Category
from shop import helpers
from shop.models import *
from . import siblings
from .siblings import *
from .. import above
import importlib
from contextlib import contextmanager, suppress
from django.template import Library
from django.contrib.syndication.views import Feed
from django.contrib.sitemaps import Sitemap
from django.test import TestCase
""".splitlines()
BASES = """models.Model models.Manager models.QuerySet ListView DetailView TemplateView View
 admin.ModelAdmin forms.Form forms.ModelForm Enum NamedTuple serializers.ModelSerializer
 viewsets.ModelViewSet generics.ListAPIView django_filters.FilterSet Feed Sitemap TestCase object
 A B C D Order Manager QuerySet Exception type dict list A.Inner f(1) (lambda:A)()
 models.Manager.from_queryset(B) models.Model,A B,C""".split()
NAMES = "a b c d q queryset orders self cls request x _ objects extra_context".split()
CLASSES = "A B C D Order Meta Inner".split()
FUNCTIONS = """f g h get get_queryset __init__ __getattr__ __call__ __iter__ __len__ __bool__ items
 get_context_data list filter __init_subclass__ __class_getitem__ __set_name__ __get__ setup
 dispatch save delete open all __enter__ __exit__ __eq__ __contains__ __hash__ main""".split()
METHODS = """all filter exclude order_by values values_list annotate aggregate count first last get
 exists in_bulk iterator update delete create get_or_create bulk_create select_related
 prefetch_related distinct reverse none union only defer using raw explain latest earliest contains
 append add extend update setdefault items keys pop copy format join split as_view __iter__ __len__
 _clone _fetch_all as_manager from_queryset aiterator afirst acount nothing open numbers by_number
 of_top_buyers live before add_to_class register""".split()
BUILTINS = """list sorted len set tuple dict sum min max any all bool str repr iter next enumerate
 zip map filter reversed frozenset print super type isinstance getattr setattr hasattr vars locals
 globals partial reduce lru_cache cached_property SimpleLazyObject render get_object_or_404
 get_user_model timezone.now random.choice datetime.date.today Q F Count Prefetch cache.get_or_set
 path include HttpResponse StreamingHttpResponse itertools.chain operator.attrgetter f g h A B C
 helpers.open_orders helpers.load_open_orders helpers.text importlib.import_module exec eval
 cache.set apps.get_model forms.ModelChoiceField forms.ChoiceField models.ForeignKey
 models.IntegerField Library""".split()
DECORATORS = """staticmethod classmethod property cached_property lru_cache lru_cache(maxsize=None)
 dataclass contextmanager wraps(f) f g(q) admin.register(Order) x.setter receiver(list(q))
 admin.display(description=q) partial(f,q)""".split()
OPERATORS = "+ - * / // % ** | & ^ << >> and or == != < > in is @".split() + ["not in", "is not"]


class Writer:
    """Writes one program; everything follows from ``chance``."""

    def __init__(self, chance: random.Random, modules: tuple[str, ...] = ()) -> None:
        self.chance = chance
        self.modules = modules
        self.left = chance.choice((20, 60, 150, 400))

    def one(self, *words: str) -> str:
        """One of the words."""
        return self.chance.choice(words)

    def name(self) -> str:
        """A name, often one that is bound somewhere."""
        return self.chance.choice(self.chance.choice((NAMES, NAMES, CLASSES, FUNCTIONS[:6])))

    def module(self, size: int) -> str:
        """A module of about so many statements."""
        lines = self.chance.sample(IMPORTS, self.chance.randint(3, 14))
        for module in self.modules:
            lines.append(
                self.one(
                    f"from .{module} import *",
                    f"from . import {module}",
                    f"import {module}",
                    f"from .{module} import A, f, q",
                    f"from {module} import A as B",
                )
            )
        for _ in range(size):
            lines += self.statement(0, "module")
        return "\n".join(lines) + "\n"

    def block(self, depth: int, where: str) -> list[str]:
        """An indented block."""
        self.left -= 1
        size = self.chance.randint(1, 4) if depth < 5 and self.left > 0 else 0
        lines = [line for _ in range(size) for line in self.statement(depth, where)] or ["pass"]
        return ["    " + line for line in lines]

    def statement(self, depth: int, where: str) -> list[str]:
        """One statement, as lines."""
        kinds = [*SIMPLE, *SIMPLE] if depth > 4 or self.left <= 0 else [*SIMPLE, *COMPOUND]
        kind = self.chance.choice(kinds)
        lines: list[str] = getattr(self, f"_{kind}")(depth + 1, where)
        return lines

    def _assign(self, depth: int, where: str) -> list[str]:
        return [f"{self.target()} = {self.expression()}"]

    def _call(self, depth: int, where: str) -> list[str]:
        return [self.expression()]

    def _annotated(self, depth: int, where: str) -> list[str]:
        return [f"{self.one(*NAMES)}: {self.expression(3)} = {self.expression(2)}"]

    def _augmented(self, depth: int, where: str) -> list[str]:
        return [f"{self.one(*NAMES)} {self.one('+', '|', '&', '*', '@')}= {self.expression(2)}"]

    def _alias(self, depth: int, where: str) -> list[str]:
        a, b = self.name(), self.name()
        return [
            self.one(
                f"{a} = {b}",
                f"{a}, {b} = {b}, {a}",
                f"{a} = {a}",
                f"{a} = {a}.{b}",
                f"{a} = {a}({a})",
                f"{a}.{b} = {a}",
                f"{a}[{b}] = {a}",
                f"{a} += {a}",
            )
        ]

    def _jump(self, depth: int, where: str) -> list[str]:
        value = self.expression(2)
        if where == "module" or self.chance.random() < 0.5:  # what stops nothing
            return [self.one("pass", f"assert {value}, {value}", f"del {self.name()}", "...")]
        return [
            self.one(
                "pass",
                f"return {value}",
                f"yield {value}",
                f"yield from {value}",
                "break",
                "continue",
                f"raise {value}",
                f"raise {value} from {value}",
                f"assert {value}, {value}",
                f"del {self.name()}",
                "...",
                f"global {self.one(*NAMES)}",
                f"nonlocal {self.one(*NAMES)}",
            )
        ]

    def _import(self, depth: int, where: str) -> list[str]:
        return [self.chance.choice(IMPORTS)]

    def _new(self, depth: int, where: str) -> list[str]:
        value = self.expression(2)
        if self.chance.random() < 0.8:
            return [f"x = [*{value}]"]
        return [
            self.one(
                f"type {self.one(*CLASSES)}[T, *Ts, **P] = {value}",
                "x = t'{q} a'",
                f"print(*{value}, **{value})",
                f"(a := {value})",
                f"x = [*{value}]",
                f"q[a, *{value}]",
                f"q[{value}:{value}:{value}]",
            )
        ]

    def _if(self, depth: int, where: str) -> list[str]:
        test = self.one(
            self.expression(2),
            "TYPE_CHECKING",
            "__name__ == '__main__'",
            "True",
            f"(a := {self.expression(2)})",
            "settings.DEBUG",
        )
        lines = [f"if {test}:", *self.block(depth, where)]
        if self.chance.random() < 0.3:
            lines += [f"elif {self.expression(2)}:", *self.block(depth, where)]
        if self.chance.random() < 0.4:
            lines += ["else:", *self.block(depth, where)]
        return lines

    def _for(self, depth: int, where: str) -> list[str]:
        lines = [f"for {self.target()} in {self.expression(2)}:", *self.block(depth, where)]
        return lines + (["else:", *self.block(depth, where)] if self.chance.random() < 0.2 else [])

    def _while(self, depth: int, where: str) -> list[str]:
        return [f"while {self.expression(2)}:", *self.block(depth, where)]

    def _with(self, depth: int, where: str) -> list[str]:
        return [f"with {self.expression(2)} as {self.target()}:", *self.block(depth, where)]

    def _try(self, depth: int, where: str) -> list[str]:
        star = self.one("", "", "*")
        lines = ["try:", *self.block(depth, where)]
        lines += [f"except{star} {self.expression(2)} as e:", *self.block(depth, where)]
        if self.chance.random() < 0.3:
            lines += ["else:", *self.block(depth, where)]
        return lines + (
            ["finally:", *self.block(depth, where)] if self.chance.random() < 0.3 else []
        )

    def _match(self, depth: int, where: str) -> list[str]:
        lines = [f"match {self.expression(2)}:"]
        for _ in range(self.chance.randint(1, 3)):
            pattern = self.one(
                "[a, *b]",
                "{'a': q, **c}",
                "A(x=1) | B()",
                "str() as d",
                "None",
                "-1",
                "(a, [b, *_])",
                "Order(queryset=q)",
                "a.b",
                "'x' 'y'",
            )
            guard = f" if {self.expression(2)}" if self.chance.random() < 0.3 else ""
            lines.append(f"    case {pattern}{guard}:")
            lines += ["    " + line for line in self.block(depth + 1, where)]
        return lines

    def _def(self, depth: int, where: str) -> list[str]:
        lines = [
            f"@{self.chance.choice(DECORATORS)}" for _ in range(self.chance.choice((0, 0, 0, 1, 2)))
        ]
        first = (
            self.one("self, ", "self, ", "cls, ") if where == "class" else self.one("", "request, ")
        )
        rest = self.one(
            "",
            "a",
            "*args, **kwargs",
            f"a={self.expression(2)}",
            "a, /, b, *, c=1",
            f"q=None, *, x={self.expression(3)}",
            "a: list[q], *b: *c",
        )
        generics = self.one("", "", "", "", "[T: (A, B), *Ts, **P]")
        keyword = self.one("def", "def", "def", "def", "async def")
        lines.append(f"{keyword} {self.chance.choice(FUNCTIONS)}{generics}({first}{rest}):")
        lines += self.block(depth, "function")
        if self.chance.random() < 0.6:
            lines.append(f"    return {self.expression(1)}")
        return lines

    def _class(self, depth: int, where: str) -> list[str]:
        lines = [
            f"@{self.chance.choice(DECORATORS)}" for _ in range(self.chance.choice((0, 0, 0, 1)))
        ]
        bases = ", ".join(self.chance.sample(BASES, self.chance.choice((0, 1, 1, 2))))
        meta = self.one("", "", "", ", metaclass=A", f", q={self.expression(3)}", ", **q")
        generics = self.one("", "", "", "", "[T]")
        lines.append(f"class {self.one(*CLASSES)}{generics}({bases or 'object'}{meta}):")
        if self.chance.random() < 0.6:
            attribute = self.one(
                "queryset",
                "objects",
                "extra_context",
                "choices",
                "model",
                "items",
                "template_name",
                "serializer_class",
                "__slots__",
                "fields",
            )
            lines.append(f"    {attribute} = {self.expression(1)}")
        return lines + self.block(depth, "class")

    def target(self) -> str:
        """What may be assigned to."""
        name = self.name()
        return self.one(
            name,
            name,
            name,
            name,
            f"{name}.{self.name()}",
            f"{name}[{self.expression(3)}]",
            f"{name}, {self.name()}",
            f"*{name}, {self.name()}",
            f"{name}[a:b]",
            f"[{name}, (b, *c)]",
        )

    def expression(self, depth: int = 0) -> str:
        """An expression."""
        self.left -= 1
        if depth > 3 or self.left < 0 or self.chance.random() < 0.15:
            return self.one(
                self.name(),
                self.name(),
                "1",
                "'queryset'",
                "None",
                "Order.objects",
                "Order.objects.all()",
                "Post.live",
                "self.queryset",
                "timezone.now()",
                "super().get_queryset()",
                "list(q)",
                "cls.queryset",
                "Order",
                "...",
            )
        kind = self.chance.choice(EXPRESSIONS)
        text: str = getattr(self, f"_x_{kind}")(depth + 1)
        return text

    def _x_method(self, depth: int) -> str:
        argument = self.one(
            "", "", f"a={self.expression(depth)}", self.expression(depth), "*a, **b"
        )
        return f"{self.expression(depth)}.{self.chance.choice(METHODS)}({argument})"

    def _x_builtin(self, depth: int) -> str:
        more = self.one("", "", f", {self.expression(depth)}", f", key={self.expression(depth)}")
        return f"{self.chance.choice(BUILTINS)}({self.expression(depth)}{more})"

    def _x_attribute(self, depth: int) -> str:
        return f"{self.expression(depth)}.{self.one(*NAMES, *METHODS)}"

    def _x_subscript(self, depth: int) -> str:
        return (
            f"{self.expression(depth)}[{self.one('0', '-1', ':', '::2', self.expression(depth))}]"
        )

    def _x_operator(self, depth: int) -> str:
        operator = self.chance.choice(OPERATORS)
        return f"({self.expression(depth)} {operator} {self.expression(depth)})"

    def _x_container(self, depth: int) -> str:
        a, b = self.expression(depth), self.expression(depth)
        return self.one(
            f"[{a}, {b}]", f"({a}, *{b})", f"{{{a}: {b}}}", f"{{{a}, {b}}}", f"{{**{a}}}"
        )

    def _x_comprehension(self, depth: int) -> str:
        a, b, name = self.expression(depth), self.expression(depth), self.one(*NAMES)
        return self.one(
            f"[{a} for {name} in {b}]",
            f"({a} for {name} in {b} if {name})",
            f"{{{a}: {name} for {name} in {b}}}",
            f"list({a} for {name} in {b})",
            f"[{a} async for {name} in {b}]",
            f"{{{a} for a in {b} for b in a}}",
        )

    def _x_lambda(self, depth: int) -> str:
        argument = self.one("", "a", "a=q", f"q={self.expression(depth)}", "*a, **b")
        body = self.expression(depth)
        return self.one(f"(lambda {argument}: {body})", f"(lambda {argument}: {body})()")

    def _x_other(self, depth: int) -> str:
        a, b = self.expression(depth), self.expression(depth)
        return self.one(
            f"({a} if {b} else {a})",
            f"(not {a})",
            f"(c := {a})",
            f"(await {a})",
            "f'{q!r:>{a}}'",
            f"({a} < {b} <= {a})",
            f"(-{a})",
            f"(yield {a})",
            f"Q(a={a}) | Q(b={b})",
            f"timedelta(days={a})",
            f"-1 * {a}",
        )


SIMPLE = "assign call assign annotated augmented alias jump import new".split()
COMPOUND = "if for while with try match def def class class".split()
EXPRESSIONS = """method method method builtin builtin builtin attribute subscript operator container
 comprehension lambda other""".split()


def module(chance: random.Random) -> str:
    """One module."""
    return Writer(chance).module(chance.randint(2, 12))


def package(chance: random.Random) -> dict[str, str]:
    """A package of modules that import each other, by name and with stars, in circles."""
    names = ("one", "two", "three", "__init__")[: chance.randint(2, 4)]
    return {
        f"{name}.py": Writer(
            chance, tuple(chance.sample(names[:3], chance.randint(1, min(3, len(names)))))
        ).module(chance.randint(1, 6))
        for name in names
    }
