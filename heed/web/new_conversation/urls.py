"""Addresses of the new conversation."""

from django.urls import path

from heed.web.new_conversation import views

urlpatterns = [
    path("", views.new, name="new-conversation"),
    path("known/", views.known, name="new-conversation-known"),
]
