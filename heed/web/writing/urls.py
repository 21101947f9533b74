"""Addresses of what writing needs beside its form."""

from django.urls import path

from heed.web.writing import begun, mentions, replies, views

HERE = "conversations/<int:number>/"

urlpatterns = [
    path("writing/bar/", views.bar, name="writing-bar"),
    path("writing/files/", views.files, name="writing-files"),
    path("writing/begun/", begun.begun, name="writing-begun"),
    path("writing/emoji/", views.emoji, name="writing-emoji"),
    path(f"{HERE}saved-replies/", replies.replies, name="writing-replies"),
    path(f"{HERE}saved-replies/<int:reply>/files/", replies.files, name="writing-reply-files"),
    path(f"{HERE}mentions/", mentions.mentions, name="writing-mentions"),
]
