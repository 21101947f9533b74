"""Addresses of the settings of brands."""

from django.urls import path

from heed.web.brands import views

urlpatterns = [
    path("", views.listed, name="settings-brands"),
    path("<int:number>/", views.one, name="settings-brand"),
    path("<int:number>/preview/", views.preview, name="settings-brand-preview"),
]
