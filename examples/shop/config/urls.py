"""Two pages with a bug, their repaired twins, and a button that changes the database."""

from django.urls import path
from django.views.generic import RedirectView

from orders import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="frozen")),
    path("frozen/", views.FrozenOrders.as_view(), name="frozen"),
    path("fresh/", views.FreshOrders.as_view(), name="fresh"),
    path("leaked/", views.LeakedOrders.as_view(), name="leaked"),
    path("own/", views.OwnOrders.as_view(), name="own"),
    path("change/", views.change, name="change"),
]
