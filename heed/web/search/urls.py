"""The addresses of search."""

from django.urls import path

from heed.web.search import views

urlpatterns = [
    path("", views.find, name="search"),
    path("menu/", views.menu, name="search-menu"),
]
