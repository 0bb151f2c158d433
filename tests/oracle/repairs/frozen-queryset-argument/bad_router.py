"""A viewset behind a router, which asks the class attribute for the model."""

from datetime import date

from django.urls import include, path
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from shop.models import Post
from shop.serializers import PostSerializer


class PostViewSet(ReadOnlyModelViewSet):
    """Posts as JSON."""

    permission_classes = [AllowAny]
    serializer_class = PostSerializer
    queryset = Post.objects.filter(day__lte=date.today())  # [frozen-queryset-argument]


router = SimpleRouter()
router.register("", PostViewSet)
urlpatterns = [path("", include(router.urls))]
