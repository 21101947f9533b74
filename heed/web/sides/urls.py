"""Addresses of side conversations."""

from django.urls import path

from heed.web.sides import beginning, views

urlpatterns = [
    path("conversations/<int:number>/sides/new/", beginning.begin, name="side-begin"),
    path("sides/", views.listed, name="sides"),
    path("sides/<int:number>/", views.side, name="side"),
    path("sides/<int:number>/say/", views.say, name="side-say"),
    path("sides/<int:number>/state/", views.state, name="side-state"),
]
