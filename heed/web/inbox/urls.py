"""Addresses of the inbox."""

from django.urls import path, register_converter

from heed.web.inbox import views
from heed.web.nav import PlaceConverter

register_converter(PlaceConverter, "place")

urlpatterns = [
    path("", views.home),
    path("inbox/", views.home),
    path("inbox/<place:place>/", views.inbox, name="inbox"),
    path("inbox/<place:place>/menu/", views.menu, name="inbox-menu"),
]
