"""Addresses of the settings about sending."""

from django.urls import path

from heed.web.sending import views

urlpatterns = [
    path("answers/", views.answers, name="settings-answers"),
    path("sending/", views.sending, name="settings-sending"),
    path("sending/<int:number>/", views.inbox, name="settings-inbox"),
    path("sending/<int:number>/way/", views.way, name="settings-inbox-way"),
]
