"""Addresses of mail health."""

from django.urls import path

from heed.web.mail_health import views

urlpatterns = [
    path("", views.health, name="mail-health"),
    path("<int:number>/", views.compared, name="mail-health-compared"),
]
