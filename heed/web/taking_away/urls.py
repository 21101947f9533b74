"""Addresses below one conversation. The path converter place is registered by the inbox."""

from django.urls import path

from heed.web.taking_away import pdf, views

HERE = "inbox/<place:place>/<int:number>/"

urlpatterns = [
    path(f"{HERE}print/", views.paper, name="conversation-print"),
    path(f"{HERE}pdf/", pdf.pdf, name="conversation-pdf"),
    path(f"{HERE}json/", views.data, name="conversation-json"),
    path(f"{HERE}mails/", views.mails, name="conversation-mails"),
]
