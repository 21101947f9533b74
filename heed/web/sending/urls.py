"""Addresses of the settings about sending."""

from django.urls import path

from heed.web.sending import views

urlpatterns = [
    path("answers/", views.answers, name="settings-answers"),
    path("sending/", views.sending, name="settings-sending"),
    path("sending/keys/", views.new_key, name="settings-new-key"),
    path("sending/keys/<int:number>/", views.key, name="settings-key"),
    path("sending/<int:number>/", views.inbox, name="settings-inbox"),
]
