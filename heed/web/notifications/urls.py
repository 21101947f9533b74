"""Addresses of the list of notifications, and of what one wants to be told of."""

from django.urls import path

from heed.web.notifications import choosing, devices, views

urlpatterns = [
    path("notifications/", views.listed, name="notifications"),
    path("settings/you/notifications/", choosing.choice, name="settings-you-notifications"),
    path("settings/you/notifications/devices/", devices.add, name="settings-you-devices"),
    path(
        "settings/you/notifications/devices/<int:number>/remove/",
        devices.remove,
        name="settings-you-device-remove",
    ),
]
