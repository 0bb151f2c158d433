"""Small programs that tell two ways of understanding Python apart, with the reports they must get.

Name of the case -> files; a line that must be reported ends in ``# [symbol]``.  They stand beside
``shop`` of the fixtures.  ``test_semantics.py`` runs them.
"""

from __future__ import annotations

_HEAD = "from shop.models import Order\n"
_VIEWS = "from django.views.generic import TemplateView\n"
_CALLABLE = (
    "ORDERS = Order.objects.all()\ndef orders():  # [shared-queryset-cache]\n    return ORDERS\n"
)
_CALLABLE_OF_ANOTHER_FILE = _CALLABLE.replace("  # [shared-queryset-cache]", "")

CASES: dict[str, dict[str, str]] = {
    "a context's callable is called per request": {
        "views.py": _HEAD
        + _VIEWS
        + _CALLABLE
        + "class Page(TemplateView):\n    extra_context = {'orders': orders}\n",
    },
    "the callable of another file is reported where it is handed over": {
        "helpers.py": _HEAD + _CALLABLE_OF_ANOTHER_FILE,
        "views.py": _VIEWS + "from helpers import orders\n"
        "class Page(TemplateView):\n"
        "    extra_context = {'orders': orders}  # [shared-queryset-cache]\n",
    },
    "what an imported module hands over is its own business": {
        "pages.py": _HEAD
        + _VIEWS
        + _CALLABLE
        + "show = TemplateView.as_view(extra_context={'orders': orders})\n",
        "urls.py": "from pages import show\nSHOWN = [show]\n",
    },
    "choices take all that is iterated, whatever runs it": {
        "forms.py": _HEAD + "from django import forms\n"
        "class OrderForm(forms.Form):\n"
        "    one = forms.ChoiceField(  # [frozen-class-queryset]\n"
        "        choices=Order.objects.values_list().iterator()\n"
        "    )\n"
        "    two = forms.ChoiceField(\n"
        "        choices=((o.pk, o) for o in Order.objects.all())  # [frozen-class-queryset]\n"
        "    )\n",
    },
    "a shared queryset is reported where it is evaluated, not at every call of that": {
        "views.py": _HEAD + "ORDERS = Order.objects.all()\n"
        "def orders():\n"
        "    return ORDERS\n"
        "def shown():\n"
        "    return [ORDERS.count(), list(orders())]  # [shared-queryset-cache]\n"
        "def view(request):\n"
        "    return [ORDERS.count(), shown()]\n",
    },
    "an annotation is no parameter of a framework class's constructor": {
        "views.py": _HEAD + "from django import forms\n"
        "class OrderForm(forms.Form):\n"
        "    orders: list\n"
        "FORM = OrderForm(Order.objects.all())\n"
        "def view(request):\n"
        "    return list(FORM.orders)\n",
    },
    "a method called add is not that of Q": {
        "views.py": _HEAD + "import datetime\n"
        "from clocks import Clock\n"
        "CLOCK = Clock()\n"
        "CLOCK.add(datetime.date.today())\n"
        "ORDERS = Order.objects.filter(created__gt=CLOCK)\n",
    },
    "super() in a lambda of a method": {
        "views.py": _HEAD + "class Base:\n"
        "    orders = Order.objects.all()\n"
        "    def shown(self):\n"
        "        return self.orders\n"
        "class Page(Base):\n"
        "    def get(self, request):\n"
        "        later = lambda page: super().shown()\n"
        "        return list(later(self))  # [shared-queryset-cache]\n",
    },
    "the parameter of a lambda in a method is not the object": {
        "views.py": _HEAD + "class Page:\n"
        "    orders = Order.objects.all()\n"
        "    def get(self, request):\n"
        "        return sorted(request.pages, key=lambda page: list(page.orders))\n"
        "    def all(self):\n"
        "        later = lambda: list(self.orders)  # [shared-queryset-cache]\n"
        "        return later()\n",
    },
    "a context that is unknown on one way": {
        "views.py": _HEAD + _VIEWS + "class Page(TemplateView):\n"
        "    orders = Order.objects.all()\n"
        "    def get_context_data(self, **kwargs):\n"
        "        return self.stored() or {'orders': self.orders}  # [shared-queryset-cache]\n",
    },
    "what rows are asked with is rows, even with themselves": {
        "views.py": _HEAD + "def first():\n"
        "    rows = list(Order.objects.all())\n"
        "    return rows.index(rows[0])\n"
        "FIRST = first()  # [frozen-module-queryset]\n",
    },
    "a query that serves nothing stale hides no other one of the statement": {
        "serializers.py": _HEAD + "from rest_framework import serializers\n"
        "class OrderSerializer(serializers.Serializer):\n"
        "    order, rows = (\n"
        "        serializers.ChoiceField(choices=Order.objects.all()),  # [import-time-query]\n"
        "        list(Order.objects.all()),  # [frozen-class-queryset]\n"
        "    )\n",
    },
    "a statement that is too much to follow ends nothing": {
        "views.py": _HEAD
        + "".join(
            f"def {name}(x):\n    return [{', '.join([f'{below}(x)'] * 9)}]\n"
            for name, below in zip("abcde", "bcdef", strict=True)
        )
        + "def f(x):\n    return [x]\n"
        "BEFORE = list(Order.objects.all())  # [frozen-module-queryset]\n"
        "MUCH = a(1)\n"
        "AFTER = list(Order.objects.all())  # [frozen-module-queryset]\n",
    },
    "a starred target gets a list of what is left": {
        "views.py": _HEAD + "first, *rest, last = (\n"
        "    Order.objects.all(), Order.objects.all(), Order.objects.all(), Order.objects.none()\n"
        ")\n"
        "def view(request):\n"
        "    return list(first)  # [shared-queryset-cache]\n"
        "def other_view(request):\n"
        "    return list(rest), len(rest), list(last)\n"
        "def third_view(request):\n"
        "    return [\n"
        "        list(orders)  # [shared-queryset-cache]\n"
        "        for orders in rest\n"
        "    ]\n",
    },
    "a starred target may get nothing": {
        "views.py": _HEAD + "first, *rest = [Order.objects.all()]\n"
        "def view(request):\n"
        "    return list(rest), list(first)  # [shared-queryset-cache]\n",
    },
    "too few for the targets": {
        "views.py": _HEAD + "try:\n"
        "    first, *rest, last = [Order.objects.all()]\n"
        "except ValueError:\n"
        "    first = last = list(Order.objects.all())  # [frozen-module-queryset]\n",
    },
    "a starred target takes the rows of a queryset": {
        "views.py": _HEAD + "first, *rest = Order.objects.all()  # [frozen-module-queryset]\n",
    },
    "one of two displays is unpacked": {
        "views.py": _HEAD + "import sys\n"
        "PAIR = (Order.objects.all(), 1) if sys.argv else (None, 2)\n"
        "orders, number = PAIR\n"
        "def view(request):\n"
        "    return list(orders), list(number)  # [shared-queryset-cache]\n",
    },
    "a star import binds a name anew": {
        "helpers.py": _HEAD + "ORDERS = Order.objects.all()\n",
        "views.py": "ORDERS = ()\nfrom helpers import *\n"
        "ALL = list(ORDERS)  # [frozen-module-queryset]\n",
    },
    "a setting that may be missing": {
        "conf.py": "LIMIT = 3\n",
        "views.py": _HEAD + "import conf\n"
        "try:\n"
        "    SHOWN = conf.SHOWN\n"
        "except AttributeError:\n"
        "    SHOWN = list(Order.objects.all())  # [frozen-module-queryset]\n",
    },
    "the choices that an imported model is limited to are its own file's": {
        "models.py": _HEAD + "import datetime\n"
        "from django.db import models\n"
        "class Line(models.Model):\n"
        "    order = models.ForeignKey(  # [frozen-queryset-argument]\n"
        "        Order, models.CASCADE, limit_choices_to={'day': datetime.date.today()}\n"
        "    )\n",
        "views.py": "from models import Line\nORDER = Line.order\n",
    },
    "what __init_subclass__ does with rows": {
        "views.py": _HEAD + "class Registered:\n"
        "    known = {}\n"
        "    def __init_subclass__(cls):\n"
        "        Registered.known[cls.__name__] = list(Order.objects.all())\n"
        "class Shown:\n"
        "    def __init_subclass__(cls):\n"
        "        print(len(Order.objects.all()))\n"
        "class Page(Registered):  # [frozen-module-queryset]\n"
        "    pass\n"
        "class Other(Shown):  # [import-time-query]\n"
        "    pass\n",
    },
}
