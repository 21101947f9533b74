"""Addresses of one's own security."""

from django.urls import path

from heed.web.security import views

urlpatterns = [
    path("", views.security, name="settings-security"),
    path("app/", views.app, name="settings-security-app"),
    path("passkey/", views.passkey, name="settings-security-passkey"),
    path("codes/", views.codes, name="settings-security-codes"),
    path("<int:number>/remove/", views.remove, name="settings-security-remove"),
    path("sessions/end/", views.end_others, name="settings-security-end-others"),
    path("sessions/<int:number>/end/", views.end, name="settings-security-end"),
]
