"""Addresses of round trips."""

from django.urls import path

from heed.web.round_trips import views

urlpatterns = [path("<int:number>/", views.one, name="round-trip")]
