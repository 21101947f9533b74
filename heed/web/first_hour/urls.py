"""Addresses of the first hour."""

from django.urls import path

from heed.web.first_hour import views

urlpatterns = [
    path("", views.shown, name="first-hour"),
    path("brand/", views.brand, name="first-hour-brand"),
    path("hours/", views.hours, name="first-hour-hours"),
    path("people/", views.people, name="first-hour-people"),
    path("settle/", views.settle, name="first-hour-settle"),
    path("end/", views.end, name="first-hour-end"),
]
