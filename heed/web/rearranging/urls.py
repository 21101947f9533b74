"""Addresses below one conversation. The path converter place is registered by the inbox."""

from django.urls import path

from heed.web.rearranging import views

HERE = "inbox/<place:place>/<int:number>/"

urlpatterns = [
    path(f"{HERE}merge/", views.merge, name="conversation-merge"),
    path(f"{HERE}unmerge/", views.unmerge, name="conversation-unmerge"),
    path(f"{HERE}split/", views.split, name="conversation-split"),
    path(f"{HERE}unsplit/", views.unsplit, name="conversation-unsplit"),
    path(f"{HERE}link/", views.link, name="conversation-link"),
    path(f"{HERE}unlink/", views.unlink, name="conversation-unlink"),
]
