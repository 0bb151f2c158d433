"""A visitor's filter becomes the queryset of the view's class, and is taken back by others."""

from django.http import HttpResponse
from django.urls import path
from django.views.generic import ListView

from shop.models import Order


class NarrowedList(ListView):
    """Orders, all or the visitor's own."""

    queryset = Order.objects.order_by("number")

    def get(self, request, *args, **kwargs):
        """Narrow the list if that is asked for."""
        if "mine" in request.GET:
            self.__class__.queryset = Order.objects.filter(  # [leaked-request-queryset]
                buyer__name=request.user.username
            )
        else:
            self.__class__.queryset = Order.objects.order_by("number")
        return super().get(request, *args, **kwargs)

    def render_to_response(self, context, **response_kwargs):
        """Answer with the numbers."""
        return HttpResponse(", ".join(map(str, context["object_list"])))


urlpatterns = [path("", NarrowedList.as_view())]
