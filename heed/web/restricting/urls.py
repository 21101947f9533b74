"""Addresses below one conversation. The path converter place is registered by the inbox."""

from django.urls import path

from heed.web.restricting import views

HERE = "inbox/<place:place>/<int:number>/"

urlpatterns = [
    path(f"{HERE}restrict/", views.restrict, name="conversation-restrict"),
    path(f"{HERE}open-to-team/", views.open_again, name="conversation-open-to-team"),
]
