"""The addresses of search."""

from django.urls import path

from heed.web.search import views

urlpatterns = [
    path("", views.find, name="search"),
    path("customers/", views.called, name="search-customers"),
    path("menu/", views.menu, name="search-menu"),
]
