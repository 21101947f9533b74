"""Addresses of what writing needs beside its form."""

from django.urls import path

from heed.web.writing import views

urlpatterns = [
    path("writing/emoji/", views.emoji, name="writing-emoji"),
]
