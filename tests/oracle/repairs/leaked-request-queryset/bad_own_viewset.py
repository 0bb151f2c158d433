"""A visitor's filter becomes the queryset of the viewset's class."""

from django.urls import path
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny

from shop.models import Order


class OrderSerializer(serializers.ModelSerializer):
    """An order."""

    class Meta:
        model = Order
        fields = ["number"]


class OwnViewSet(viewsets.ReadOnlyModelViewSet):
    """Orders."""

    queryset = Order.objects.order_by("number")
    serializer_class = OrderSerializer
    permission_classes = [AllowAny]

    def initial(self, request, *args, **kwargs):
        """Narrow the list if that is asked for."""
        if request.query_params.get("mine"):
            mine = Order.objects.filter(buyer__name=request.user.username)
            type(self).queryset = mine.order_by("number")  # [leaked-request-queryset]
        super().initial(request, *args, **kwargs)


urlpatterns = [path("", OwnViewSet.as_view({"get": "list"}))]
