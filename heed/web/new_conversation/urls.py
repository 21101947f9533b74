"""Addresses of the new conversation."""

from django.urls import path

from heed.web.new_conversation import replies, views

urlpatterns = [
    path("", views.new, name="new-conversation"),
    path("known/", views.known, name="new-conversation-known"),
    path("saved-replies/", replies.replies, name="new-conversation-replies"),
    path("saved-replies/<int:reply>/files/", replies.files, name="new-conversation-reply-files"),
]
