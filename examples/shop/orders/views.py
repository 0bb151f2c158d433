"""The pages with the bugs, their repaired twins, and the button that shows the difference."""

from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from orders import changes
from orders.models import Buyer, Order


class OrderPage(ListView):
    """What both pages have: a list of orders, and figures that are asked for each time."""

    template_name = "orders/order_list.html"

    def get_context_data(self, **kwargs):
        """Add the figures beside the list: three queries."""
        return super().get_context_data(
            orders=Order.objects.count(),
            buyers=Buyer.objects.count(),
            newest=Order.objects.latest("number"),
            **kwargs,
        )


class FrozenOrders(OrderPage):
    """All orders, by number; the query runs once, while this class body is executed."""

    queryset = sorted(
        Order.objects.select_related("buyer").prefetch_related("lines__product"),
        key=lambda order: order.number,
    )


class FreshOrders(OrderPage):
    """All orders, by number; the queryset is lazy, and each request asks."""

    queryset = (
        Order.objects.select_related("buyer").prefetch_related("lines__product").order_by("number")
    )


class LeakedOrders(OrderPage):
    """All orders, or those of one buyer: whoever comes next gets the same."""

    queryset = FreshOrders.queryset

    def get(self, request, *args, **kwargs):
        """Narrow the list, and keep it where all requests find it."""
        if "buyer" in request.GET:
            mine = Order.objects.filter(buyer__name=request.GET["buyer"])
            self.__class__.queryset = mine.order_by("number")
        return super().get(request, *args, **kwargs)


class OwnOrders(OrderPage):
    """All orders, or those of one buyer: each request narrows its own list."""

    queryset = FreshOrders.queryset

    def get_queryset(self):
        """Narrow the list of this request."""
        orders = super().get_queryset()
        if "buyer" in self.request.GET:
            orders = orders.filter(buyer__name=self.request.GET["buyer"])
        return orders


@require_POST
def change(request):
    """Write to the database, and show the page again that the button is on."""
    changes.write()
    return redirect("fresh" if request.POST.get("page") == "fresh" else "frozen")
