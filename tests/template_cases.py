"""Templates, and whether rendering them fills the cache of the queryset ``orders``.

``test_engine.py`` asks the engine, ``oracle/test_templates.py`` asks Django.
"""

from __future__ import annotations

#: text -> whether it fills the cache
CASES = {
    "{% for order in orders %}{{ order }}{% endfor %}": True,
    "{% for order in orders.all %}{{ order }}{% endfor %}": False,
    "{% for order in orders|slice:'2' %}{{ order }}{% endfor %}": False,
    "{% for order in orders|dictsort:'number' %}{{ order }}{% endfor %}": True,
    "{% if orders %}some{% endif %}": True,
    "{% if not x %}{% elif orders %}some{% endif %}": True,
    "{% if orders is None %}none{% endif %}": False,
    "{% if None is orders %}none{% endif %}": False,
    "{% if orders == other %}same{% endif %}": False,
    "{% if x and orders %}some{% endif %}": True,
    "{% if orders and x %}some{% endif %}": True,
    "{% with shown=orders %}{{ shown|length }}{% endwith %}": True,
    "{{ orders }}": False,
    "{{ orders.count }}": False,
    "{{ orders.0 }}": False,
    "{{ orders|length }}": True,
    "{{ orders|first }}": False,
    "{{ orders|join:', ' }}": True,
    "{{ 'orders' }}{% if 'orders' %}{% endif %}": False,
    "{{ my_orders|length }}{{ orders_of|length }}{{ x.orders|length }}": False,
    "{# {{ orders|length }} #}{% comment %}{{ orders|length }}{% endcomment %}": False,
    "{{ include }}{{ extends }}": False,
    "{% include 'all.html' %}": True,
    "{% include 'all.html' only %}": False,
    "{% include 'all.html' only %}{% include 'all.html' %}": True,
    "nothing": False,
}
#: the template that is included
INCLUDED = "{% for order in orders %}{{ order }}{% endfor %}"
