"""Addresses of one conversation. The path converter place is registered by the inbox."""

from django.urls import path

from heed.web.conversation import preview, views

HERE = "inbox/<place:place>/<int:number>/"

urlpatterns = [
    path("conversations/<int:number>/", views.by_number, name="conversation-by-number"),
    path(HERE, views.conversation, name="conversation"),
    path(f"{HERE}details/", views.details, name="conversation-details"),
    path(f"{HERE}menu/", views.menu, name="conversation-menu"),
    path(f"{HERE}timeline/", views.timeline, name="conversation-timeline"),
    path(f"{HERE}reply/", views.reply, name="conversation-reply"),
    path(f"{HERE}preview/", preview.preview, name="conversation-preview"),
    path(f"{HERE}status/", views.status, name="conversation-status"),
    path(f"{HERE}spam/", views.spam, name="conversation-spam"),
    path(f"{HERE}not-spam/", views.not_spam, name="conversation-not-spam"),
    path(f"{HERE}assign/", views.assign, name="conversation-assign"),
    path(f"{HERE}team/", views.team, name="conversation-team"),
    path(f"{HERE}priority/", views.priority, name="conversation-priority"),
    path(f"{HERE}customer/", views.customer, name="conversation-customer"),
    path(f"{HERE}topic/", views.topic, name="conversation-topic"),
    path(f"{HERE}noted/", views.noted, name="conversation-noted"),
    path(f"{HERE}tags/", views.tags, name="conversation-tags"),
    path(f"{HERE}tried/", views.tried, name="conversation-tried"),
]
