"""Addresses of the palette; fragments alone, since pages have links for all of it."""

from django.urls import path

from heed.web.palette import views

urlpatterns = [
    path("", views.palette, name="palette"),
    path("found/", views.found, name="palette-found"),
]
