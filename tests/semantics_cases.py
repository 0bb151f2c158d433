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

_TEMPLATES = (
    "from django.http import HttpResponse\n"
    "from django.template import Context, Template, loader\n" + _VIEWS + _HEAD
)
_ANEW = "TEXT = '{% for order in orders.all %}{{ order }}{% endfor %}'\n"
_FILLS = "FILLS = '{% for order in orders %}{{ order }}{% endfor %}'\n"


def _page(name: str, *body: str, reported: bool = False) -> str:
    """A view with a shared queryset in its context and a rendering of its own."""
    announced = "  # [shared-context-queryset]" if reported else ""
    return (
        f"class {name}(TemplateView):\n"
        "    template_name = 'fills.html'\n"
        "    text = TEXT\n"
        f"    extra_context = {{'orders': Order.objects.all()}}{announced}\n"
        "    def render_to_response(self, context, **kwargs):\n"
    ) + "".join(f"        {line}\n" for line in body)


def _rendering(template: str) -> str:
    return f"return HttpResponse({template}.render(Context(context)))"


CASES: dict[str, dict[str, str]] = {
    "looked at afterwards, on the same line": {
        "views.py": _HEAD
        + "FIRST, LAST = None, None\n"
        + "def first():\n    global FIRST; FIRST = Order.objects.first(); return FIRST\n"
        + "def last():\n    global LAST\n"
        + "    if LAST is None: LAST = Order.objects.last()  # [memoized-queryset]\n"
        + "    return LAST\n",
    },
    "items counted from the end": {
        "views.py": _HEAD
        + "PAIR = (Order.objects.all(), None)\n"
        + "def last():\n    return list(PAIR[-1])\n"
        + "def first():\n    return list(PAIR[-2])  # [shared-queryset-cache]\n",
    },
    "the template that a view makes": {
        "texts.py": _ANEW,
        "views.py": _TEMPLATES
        + "from texts import TEXT\n"
        + _FILLS
        + "PAGE, OTHER = Template(TEXT), Template(FILLS)\n"
        + _page("Constant", _rendering("Template(TEXT)"))
        + _page("Sum", _rendering("Template('<p>' + TEXT)"))
        + _page("Attribute", _rendering("Template(self.text)"))
        + _page("Local", "text = TEXT", "made = Template(text)", _rendering("made"))
        + _page("Module", _rendering("PAGE"))
        + _page("Filling", _rendering("Template(FILLS)"), reported=True)
        + _page("FillingModule", "page = OTHER", _rendering("page"), reported=True)
        + _page("Computed", _rendering("Template(TEXT.format())"), reported=True)
        + _page(
            "Either",
            "text = FILLS",
            "if context:",
            "    text = TEXT",
            _rendering("Template(text)"),
            reported=True,
        ),
    },
    "the template that a view loads": {
        "views.py": _TEMPLATES
        + _ANEW
        + "NAME = 'anew.html'\n"
        + _page("Loaded", _rendering("loader.get_template(NAME)"))
        + _page("String", "return HttpResponse(loader.render_to_string(NAME, context))")
        + _page("Unknown", _rendering("loader.get_template(context)"), reported=True)
        + _page("List", _rendering("loader.get_template(self.template_name)"), reported=True)
        + _page("Inherited", "return super().render_to_response(context)", reported=True)
        + _page("Named", "return super().render_to_response(context)").replace(
            "fills.html", "anew.html"
        ),
        "templates/anew.html": _ANEW,
        "templates/fills.html": _FILLS,
    },
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
    "with binds what nullcontext() and closing() are given": {
        "helpers.py": _HEAD + "from contextlib import nullcontext\n"
        "def given():\n"
        "    return nullcontext(Order.objects.all())\n",
        "views.py": _HEAD + "import threading\n"
        "from contextlib import closing, nullcontext\n"
        "from helpers import given\n"
        "ORDERS = nullcontext(Order.objects.all())\n"
        "KEPT = nullcontext(list(Order.objects.all()))  # [frozen-module-queryset]\n"
        "class Page:\n"
        "    with given() as orders, closing(Order.objects.iterator()) as more:\n"
        "        rows = list(orders)  # [frozen-class-queryset]\n"
        "        others = list(more)  # [frozen-class-queryset]\n"
        "    with nullcontext(enter_result=Order.objects.all()) as orders:\n"
        "        pass\n"
        "    with threading.Lock() if ORDERS else nullcontext(orders) as orders:\n"
        "        number = len(orders)  # [frozen-class-queryset]\n"
        "    with nullcontext() as nothing:\n"
        "        pass\n"
        "def view(request):\n"
        "    with ORDERS as orders, nullcontext(Order.objects.all()) as others:\n"
        "        return list(others), list(orders)  # [shared-queryset-cache]\n",
    },
    "a key of a memo that is set by every call, or by the first": {
        "views.py": _HEAD + "MEMO = {}\n"
        "def condition():\n"
        "    if 'site' not in MEMO:\n"
        "        MEMO['site'] = 'shop'\n"
        "        MEMO['orders'] = list(Order.objects.all())  # [memoized-queryset]\n"
        "    return MEMO['orders']\n"
        "def variable():\n"
        "    known = MEMO.get('site')\n"
        "    if known is None:\n"
        "        MEMO['all'] = list(Order.objects.all())  # [memoized-queryset]\n"
        "    return MEMO['all']\n"
        "def whole():\n"
        "    known = dict(MEMO)\n"
        "    MEMO['whole'] = known or list(Order.objects.all())  # [memoized-queryset]\n"
        "def always():\n"
        "    if 'site' in MEMO or MEMO.get('site') or MEMO['site']:\n"
        "        print(MEMO['site'])\n"
        "    MEMO['every'] = list(Order.objects.all())\n"
        "    return MEMO['every']\n"
        "def returns():\n"
        "    if MEMO['site']:\n"
        "        return MEMO['returns']\n"
        "    MEMO['returns'] = list(Order.objects.all())  # [memoized-queryset]\n"
        "    return MEMO['returns']\n",
    },
    "a memo of one key and its value": {
        "views.py": _HEAD + "LAST = OTHER = COUNTED = LAZY = UNSEEN = (None, None)\n"
        "def names():\n"
        "    return list(Order.objects.values_list('number'))\n"
        "def asked():\n"
        "    global LAST\n"
        "    current = names()\n"
        "    if current != LAST[0]:\n"
        "        LAST = (current, set(current))\n"
        "    return LAST[1]\n"
        "def given(key):\n"
        "    global OTHER\n"
        "    if OTHER[0] != key:\n"
        "        OTHER = (key, names())  # [memoized-queryset]\n"
        "    return OTHER[1]\n"
        "def counted():\n"
        "    global COUNTED\n"
        "    number = Order.objects.count()\n"
        "    known, rows = COUNTED\n"
        "    if known != number:\n"
        "        COUNTED = (number, names())  # [memoized-queryset]\n"
        "    return COUNTED[1]\n"
        "def lazy():\n"
        "    global LAZY\n"
        "    current = names()\n"
        "    if LAZY[0] != current:\n"
        "        LAZY = (current, Order.objects.all())  # [memoized-queryset]\n"
        "    return LAZY[1]\n"
        "def unseen():\n"
        "    global UNSEEN\n"
        "    current = names()\n"
        "    if not UNSEEN[0]:\n"
        "        UNSEEN = (current, set(current))  # [memoized-queryset]\n"
        "    return UNSEEN[1]\n",
    },
    "what a cache held at import": {
        "views.py": "from django.core.cache import cache\n"
        "from django.views import View\n"
        "from settings_of_our_own import conf\n"
        "RATES = cache.get('rates')  # [frozen-module-queryset]\n"
        "LIMIT = conf('limit')\n"
        "class Rates(View):\n"
        "    rates = cache.get_many(['a', 'b'])  # [frozen-class-queryset]\n"
        "    def get(self, request):\n"
        "        return self.rates or cache.get('rates')\n"
        "cache.get('warm')\n",
        "settings_of_our_own.py": "from django.core.cache import cache\n"
        "def conf(name):\n"
        "    return cache.get(name) or 1\n",
    },
    "memos that end, and one that does not": {
        "views.py": _HEAD + "from cachetools import TTLCache, cached\n"
        "from django.core.cache import cache\n"
        "_version = _rows = _other = None\n"
        "@cached(cache=TTLCache(maxsize=1, ttl=60))\n"
        "def timed():\n"
        "    return list(Order.objects.all())\n"
        "@cached(cache={})  # [memoized-queryset]\n"
        "def kept():\n"
        "    return list(Order.objects.all())\n"
        "def versioned():\n"
        "    global _version, _rows\n"
        "    if _version != cache.get('version'):\n"
        "        _rows = list(Order.objects.all())\n"
        "        _version = cache.get('version')\n"
        "    return _rows\n"
        "def once():\n"
        "    global _other\n"
        "    if not _other:\n"
        "        _other = list(Order.objects.all())  # [memoized-queryset]\n"
        "    return _other\n",
    },
    "a script, and what looks like one": {
        "once.py": _HEAD + "ROWS = list(Order.objects.all())\n"
        "def main():\n"
        "    print(ROWS)\n"
        "if __name__ == '__main__':\n"
        "    main()\n",
        "shared.py": _HEAD + "ROWS = list(Order.objects.all())  # [frozen-module-queryset]\n"
        "if __name__ == '__main__':\n"
        "    print(ROWS)\n",
        "views.py": "from shared import ROWS\n",
        "pkg/__init__.py": "",
        "pkg/__main__.py": _HEAD + "ROWS = list(Order.objects.all())\nprint(ROWS)\n",
    },
    "an object that stands in for an unknown one": {
        "views.py": "import flask\n" + _HEAD + "class Nobody:\n    rows = None\nNOBODY = Nobody()\n"
        "def current():\n"
        "    try:\n"
        "        return flask.request._get_current_object()\n"
        "    except RuntimeError:\n"
        "        return NOBODY\n"
        "def chosen(name):\n"
        "    return flask.registry.get(name) or NOBODY\n"
        "def rows():\n"
        "    request = current()\n"
        "    if request.rows is None:\n"
        "        request.rows = list(Order.objects.all())\n"
        "    return request.rows\n"
        "def named(name):\n"
        "    if chosen(name).rows is None:\n"
        "        chosen(name).rows = list(Order.objects.all())\n"
        "    return chosen(name).rows\n"
        "def own():\n"
        "    if NOBODY.rows is None:\n"
        "        NOBODY.rows = list(Order.objects.all())  # [memoized-queryset]\n"
        "    return NOBODY.rows\n",
    },
    "what a constructor keeps of an object that is made at import": {
        "site.py": _HEAD + "from django.contrib.admin import AdminSite\n"
        "class Site(AdminSite):\n"
        "    def __init__(self, *args):\n"
        "        super().__init__(*args)\n"
        "        self.orders = list(Order.objects.all())\n"
        "    def each_context(self, request):\n"
        "        return {'orders': self.orders}\n"
        "site = Site()  # [frozen-module-queryset]\n"
        "class Other(AdminSite):\n"
        "    def __init__(self, *args):\n"
        "        super().__init__(*args)\n"
        "        self.orders = list(Order.objects.all())  # [memoized-queryset]\n",
    },
    "two queries of one line decide the same": {
        "views.py": _HEAD + "def first():\n"
        "    order = Order.objects.first()\n"
        "    if order:\n"
        "        return order.pk\n"
        "    return 0\n"
        "def last():\n"
        "    order = Order.objects.last()\n"
        "    if order:\n"
        "        return order.pk\n"
        "    return 0\n"
        "KEYS = list(range(first(), last() + 1))  # [frozen-module-queryset]\n"
        "OTHER = first()  # [frozen-module-queryset]\n",
    },
    "a factory of rows for tests": {
        "making.py": "import factory\n"
        + _HEAD
        + "class OrderFactory(factory.django.DjangoModelFactory):\n"
        "    number = Order.objects.count()  # [frozen-class-queryset]\n"
        "    seen = []\n"
        "    @classmethod\n"
        "    def all_seen(cls):\n"
        "        if not cls.seen:\n"
        "            cls.seen = list(Order.objects.all())\n"
        "        return cls.seen\n",
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
        "class Page(Registered):  # [frozen-class-queryset]\n"
        "    pass\n"
        "class Other(Shown):  # [import-time-query]\n"
        "    pass\n",
    },
    "a label that an object of a package is given": {
        "views.py": _HEAD + "from django.utils.translation import gettext as _\n"
        "from model_utils import Choices\n"
        "STATUS = Choices(('open', _('Open')))\n"
        "def view(request):\n"
        "    return Order.objects.filter(status=STATUS.open)\n"
        "def stale(request):\n"
        "    return Order.objects.filter(status=LABEL)  # [frozen-queryset-argument]\n"
        "LABEL = _('Open')\n",
    },
    "an object of process lifetime, with a method of another file": {
        "pages.py": "class Base:\n"
        "    def __init__(self, orders):\n"
        "        self.orders = orders\n"
        "    def shown(self):\n"
        "        return list(self.orders)\n",
        "views.py": _HEAD + "from pages import Base\n"
        "class Page(Base):\n"
        "    pass\n"
        "PAGE = Page(Order.objects.all())  # [shared-queryset-cache]\n",
    },
    "what as_view() sets is what methods find": {
        "views.py": _HEAD + _VIEWS + "class Page(TemplateView):\n"
        "    orders = None\n"
        "    def get(self, request):\n"
        "        return list(self.orders)  # [shared-queryset-cache]\n"
        "show = Page.as_view(orders=Order.objects.all())\n",
    },
    "an item by a key that nobody knows, or that is not there": {
        "views.py": _HEAD + "PAIR = (Order.objects.all(), None)\n"
        "def view(request):\n"
        "    return list(PAIR[request.page])  # [shared-queryset-cache]\n"
        "def second(request):\n"
        "    return list(PAIR[1])\n"
        "MORE = [*PAIR, *Order.objects.none()]\n"
        "def more(request):\n"
        "    return list(MORE[5])  # [shared-queryset-cache]\n",
    },
    "a queryset of a model that nobody knows": {
        "views.py": "from django.db.models import QuerySet\n"
        "def of(model):\n"
        "    return QuerySet(model)\n"
        "ORDERS = list(of(input()))  # [frozen-module-queryset]\n",
    },
    "choices that are called per form": {
        "forms.py": _HEAD
        + "from django import forms\n"
        + _CALLABLE
        + "class OrderForm(forms.Form):\n"
        "    order = forms.ChoiceField(choices=orders)\n",
    },
    "a shared default is reported where it is evaluated": {
        "views.py": _HEAD + "ORDERS = Order.objects.all()\n"
        "def shown(orders=ORDERS):\n"
        "    return list(orders)  # [shared-queryset-cache]\n"
        "def view(request):\n"
        "    return [ORDERS.count(), shown()]\n",
    },
    "bases that Python would refuse": {
        "views.py": _HEAD + _VIEWS + "class Base(TemplateView):\n"
        "    pass\n"
        "class Page(Base):\n"
        "    orders = Order.objects.all()\n"
        "class Refused(Base, Page):\n"
        "    def get(self, request):\n"
        "        return list(self.orders)  # [shared-queryset-cache]\n"
        "class First:\n"
        "    orders = Order.objects.all()\n"
        "class Second(First):\n"
        "    pass\n"
        "class Third(First, Second):\n"
        "    def get(self, request):\n"
        "        return list(self.orders)  # [shared-queryset-cache]\n",
    },
    "a decorator that is a descriptor": {
        "views.py": _HEAD + "class computed:\n"
        "    def __init__(self, compute):\n"
        "        self.compute = compute\n"
        "    def __get__(self, page, cls):\n"
        "        return self.compute(page)\n"
        "class Page:\n"
        "    orders = Order.objects.all()\n"
        "    @computed\n"
        "    def shown(self):\n"
        "        return self.orders\n"
        "    def get(self, request):\n"
        "        return list(self.shown)  # [shared-queryset-cache]\n",
    },
    "a display that is unpacked into another one keeps its order": {
        "views.py": _HEAD + "PAIR = (Order.objects.all(), 1)\n"
        "orders, number = [*PAIR]\n"
        "def view(request):\n"
        "    return list(number), list(orders)  # [shared-queryset-cache]\n"
        "def other_view(request):\n"
        "    return list(number)\n",
    },
    "super() after another class than one's own": {
        "views.py": _HEAD + "class Base:\n"
        "    orders = Order.objects.all()\n"
        "    def shown(self):\n"
        "        return self.orders\n"
        "class Middle(Base):\n"
        "    def shown(self):\n"
        "        return self.orders.all()\n"
        "class Page(Middle):\n"
        "    def get(self, request):\n"
        "        return list(super(Middle, self).shown())  # [shared-queryset-cache]\n"
        "    def post(self, request):\n"
        "        return list(super(Page, self).shown())\n",
    },
    "a list of Django REST framework that turns pages, and one that does not": {
        "views.py": _HEAD + "from rest_framework.generics import ListAPIView\n"
        "from rest_framework.pagination import PageNumberPagination\n"
        "class All(ListAPIView):\n"
        "    queryset = Order.objects.all()\n"
        "    filter_backends = []\n"
        "    pagination_class = None\n"
        "    def get_queryset(self):\n"
        "        return self.queryset  # [shared-queryset-cache]\n"
        "class Own(PageNumberPagination):\n"
        "    page_size = 9\n"
        "class Pages(All):\n"
        "    pagination_class = Own\n"
        "    def get_queryset(self):\n"
        "        return self.queryset\n",
    },
    "get_queryset() of rows": {
        "views.py": _HEAD + "from django.views.generic import ListView\n"
        "class Page(ListView):\n"
        "    queryset = list(Order.objects.all())  # [frozen-class-queryset]\n"
        "    def get_queryset(self):\n"
        "        return super().get_queryset()\n"
        "class Other(Page):\n"
        "    orders = Order.objects.all()\n"
        "    def get_queryset(self):\n"
        "        rows = super().get_queryset()\n"
        "        return [list(self.orders), list(rows)]  # [shared-queryset-cache]\n",
    },
    "a key that is looked for in a longer comparison, or with a default": {
        "views.py": _HEAD + "MEMO = {}\n"
        "def always():\n"
        "    if 'site' in MEMO is not None:\n"
        "        print('known')\n"
        "    MEMO['every'] = list(Order.objects.all())\n"
        "    return MEMO['every']\n"
        "def given(site):\n"
        "    print(MEMO.get('site', site))\n"
        "    MEMO['given'] = list(Order.objects.all())\n"
        "    return MEMO['given']\n",
    },
    "two modules that import each other's names": {
        "first.py": "from second import *\nfrom third import *\n",
        "second.py": "from first import *\n",
        "third.py": _HEAD + "ORDERS = Order.objects.all()\n",
        "views.py": "import second\nimport first\n"
        "ONE = list(first.ORDERS)  # [frozen-module-queryset]\n"
        "TWO = list(second.ORDERS)  # [frozen-module-queryset]\n",
    },
    "a model of a package that is not there": {
        "views.py": "from elsewhere.models import Unknown, unknown, UNKNOWN\n"
        "ONE = list(Unknown.objects.all())  # [frozen-module-queryset]\n"
        "TWO = list(unknown.objects.all()), list(UNKNOWN.objects.all())\n",
    },
    "a manager of a package that is not there": {
        "models.py": "from django.db import models\n"
        "from elsewhere import SomeManager\n"
        "class OwnManager(SomeManager):\n"
        "    pass\n"
        "class PlainManager(models.Manager):\n"
        "    pass\n"
        "class Post(models.Model):\n"
        "    objects = OwnManager()\n"
        "    plain = PlainManager()\n",
        "views.py": "from models import Post\n"
        "ONE = list(Post.objects.shown())  # [frozen-module-queryset]\n"
        "TWO = list(Post.plain.shown())\n",
    },
    "what is None is no queryset": {
        "views.py": _HEAD + "import sys\n"
        "ORDERS = Order.objects.all() if sys.argv else None\n"
        "def view(request):\n"
        "    orders = ORDERS\n"
        "    if orders is None:\n"
        "        return list(orders)\n"
        "    return list(orders)  # [shared-queryset-cache]\n",
    },
    "a variable of a closure that a request makes is no memo": {
        "views.py": _HEAD + "def view(request):\n"
        "    found = None\n"
        "    def fill():\n"
        "        nonlocal found\n"
        "        if found is None:\n"
        "            found = list(Order.objects.all())\n"
        "        return found\n"
        "    return fill\n"
        "def made():\n"
        "    rows = None\n"
        "    def fill():\n"
        "        nonlocal rows\n"
        "        if rows is None:\n"
        "            rows = list(Order.objects.all())  # [memoized-queryset]\n"
        "        return rows\n"
        "    return fill\n"
        "FILL = made()\n",
    },
    "what path() gives to a view": {
        "urls.py": _HEAD + "from django.urls import path\n"
        "def view(request, orders):\n"
        "    return list(orders)  # [shared-queryset-cache]\n"
        "urlpatterns = [path('', view, {'orders': Order.objects.all()})]\n",
    },
    "an attribute that a class may have, whatever its name": {
        "views.py": _HEAD + "ORDERS = Order.objects.all()\n"
        "class Page:\n"
        "    pass\n"
        "def view(request):\n"
        "    return list(getattr(Page, 'names', ORDERS))  # [shared-queryset-cache]\n",
    },
    "a class that type() makes": {
        "views.py": _HEAD + "class Base:\n"
        "    orders = Order.objects.all()\n"
        "Page = type('Page', (Base,), {})\n"
        "def view(request):\n"
        "    return list(Page.orders)  # [shared-queryset-cache]\n",
    },
    "what lazy() calls later": {
        "views.py": _HEAD + "from django.utils.functional import lazy\n"
        "def rows(orders):\n"
        "    return list(orders)\n"
        "LATER = lazy(rows, list)(Order.objects.all())\n"
        "ROWS = list(LATER)  # [frozen-module-queryset]\n",
    },
    "one or another object": {
        "views.py": _HEAD + "class Page:\n"
        "    def __init__(self, orders):\n"
        "        self.orders = orders\n"
        "PAGE = Page(Order.objects.all())\n"
        "def view(request):\n"
        "    page = PAGE or request.page\n"
        "    return list(page.orders)  # [shared-queryset-cache]\n",
    },
    "a queryset is not None": {
        "views.py": _HEAD + "ORDERS = Order.objects.all()\n"
        "if ORDERS is None:\n"
        "    ROWS = list(Order.objects.all())\n"
        "else:\n"
        "    ROWS = list(Order.objects.all())  # [frozen-module-queryset]\n",
    },
    "a list that may have been filled since the import": {
        "views.py": _HEAD + "PAGES = []\n"
        "ORDERS = Order.objects.all()\n"
        "if PAGES:\n"
        "    ROWS = list(ORDERS)\n"
        "def view(request):\n"
        "    if PAGES:\n"
        "        return list(ORDERS)  # [shared-queryset-cache]\n",
    },
    "a list and one that got rows": {
        "views.py": _HEAD + "def rows():\n"
        "    found = []\n"
        "    found.extend(Order.objects.all())\n"
        "    return [1] + found\n"
        "ROWS = rows()  # [frozen-module-queryset]\n"
        "NUMBERS = [0] + [1 for order in Order.objects.all()]  # [frozen-module-queryset]\n"
        "TABLE = {0: 0} | {order.pk: 1 for order in Order.objects.all()}"
        "  # [frozen-module-queryset]\n",
    },
    "super() of a class that a base class's method makes": {
        "pages.py": "class Common:\n"
        "    def rows(self):\n"
        "        return super().orders()\n"
        "class Base:\n"
        "    def get(self, request):\n"
        "        self.orders.filter(pk=1)\n"
        "        return list(self.table().rows())\n",
        "views.py": _HEAD + "from pages import Base, Common\n"
        "ORDERS = Order.objects.all()\n"
        "class Plain:\n"
        "    def orders(self):\n"
        "        return ORDERS.all()\n"
        "class Sharing:\n"
        "    def orders(self):\n"
        "        return ORDERS\n"
        "class First(Common, Plain):\n"
        "    pass\n"
        "class Second(Common, Sharing):\n"
        "    pass\n"
        "class One(Base):\n"
        "    orders = Order.objects.all()\n"
        "    table = First\n"
        "class Two(Base):\n"
        "    orders = Order.objects.all()  # [shared-queryset-cache]\n"
        "    table = Second\n",
    },
    "a class of Django that the tables do not have is no model": {
        "views.py": "from django.contrib.models import SomeModel\n"
        "from elsewhere.models import OtherModel\n"
        "class Some(SomeModel):\n"
        "    pass\n"
        "class Other(OtherModel):\n"
        "    pass\n"
        "ONE = list(Some.objects.all())\n"
        "TWO = list(Other.objects.all())  # [frozen-module-queryset]\n",
    },
    "what a middleware function keeps": {
        "middleware.py": _HEAD + "def shop_middleware(get_response):\n"
        "    site = 'shop'\n"
        "    rows = list(Order.objects.all())  # [memoized-queryset]\n"
        "    others = list(Order.objects.all())\n"
        "    def handle(request):\n"
        "        request.rows = rows, site\n"
        "        return get_response(request)\n"
        "    print(others)\n"
        "    return handle\n",
    },
    "a generator over rows of the import asks nothing": {
        "views.py": _HEAD + "ROWS = list(Order.objects.all())  # [frozen-module-queryset]\n"
        "ONCE = (row for row in ROWS)\n"
        "def view(request):\n"
        "    return list(ONCE)\n",
    },
    "a test in a function whose result nobody keeps": {
        "views.py": _HEAD + "def check():\n"
        "    if Order.objects.exists():\n"
        "        return 'some'\n"
        "check()  # [import-time-query]\n"
        "FOUND = check()  # [frozen-module-queryset]\n",
    },
    "a method that a queryset may not have": {
        "views.py": _HEAD + "ORDERS = Order.objects.all()\n"
        "try:\n"
        "    ROWS = ORDERS.shown\n"
        "except AttributeError:\n"
        "    ROWS = list(ORDERS)  # [frozen-module-queryset]\n"
        "try:\n"
        "    ROWS = ORDERS.filter\n"
        "except AttributeError:\n"
        "    ROWS = list(ORDERS)\n",
    },
}
