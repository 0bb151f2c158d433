"""One report for several uses in one method."""

from django.http import HttpResponse
from django.urls import path
from django.views.generic import ListView

from shop.models import Order


class NumbersView(ListView):
    """Numbers of orders."""

    queryset = Order.objects.order_by("number")

    def get(self, request):
        """Answer with the numbers."""
        text = f"{len(self.queryset)} orders:"  # [shared-queryset-cache]
        for order in self.queryset:
            text += f" {order.number}"
        return HttpResponse(text)


urlpatterns = [path("", NumbersView.as_view())]
