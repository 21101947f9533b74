"""Addresses of the settings."""

from django.urls import path

from heed.web.settings import views

urlpatterns = [
    path("", views.home, name="settings"),
    path("parked/", views.parked, name="parked"),
    path("parked/mails/retry/", views.retry_mails, name="parked-mails-retry"),
    path("parked/mails/<int:number>/retry/", views.retry_mail, name="parked-mail-retry"),
    path("parked/mails/<int:number>/raw/", views.raw_mail, name="parked-mail-raw"),
    path("parked/deliveries/retry/", views.retry_deliveries, name="parked-deliveries-retry"),
    path("parked/deliveries/<int:number>/retry/", views.retry_delivery, name="parked-delivery-retry"),
    path("parked/events/retry/", views.retry_events, name="parked-events-retry"),
    path("parked/events/<int:number>/retry/", views.retry_event, name="parked-event-retry"),
]
