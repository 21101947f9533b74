"""Addresses of the settings of mails that the desk sends by itself."""

from django.urls import path

from heed.web.system_mails import views

urlpatterns = [
    path("mails/", views.listed, name="settings-mails"),
    path("mails/<int:number>/<str:hours>/<str:language>/", views.one, name="settings-mail"),
    path(
        "mails/<int:number>/<str:hours>/<str:language>/preview/", views.preview, name="settings-mail-preview"
    ),
]
