"""A viewset over sorted rows, with a basename."""

from django.urls import include, path
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ModelViewSet

from shop.models import Order
from shop.serializers import OrderSerializer


class OrderViewSet(ModelViewSet):
    """Orders as JSON."""

    permission_classes = [AllowAny]
    serializer_class = OrderSerializer
    queryset = sorted(Order.objects.all(), key=lambda order: order.total)  # [frozen-class-queryset]


router = SimpleRouter()
router.register("", OrderViewSet, basename="order")
urlpatterns = [path("", include(router.urls))]
