"""Addresses of mail hooks. Mailgun posts raw mail to an address that ends in "mime"."""

from django.urls import path

from heed.web.mail_hooks import door, views

urlpatterns = [
    path("hooks/mail/<str:provider>/<str:token>/", door.posted, name="mail-hook"),
    path("hooks/mail/<str:provider>/<str:token>/mime", door.posted, name="mail-hook-mime"),
    path("settings/mail-hooks/", views.listed, name="mail-hooks"),
    path("settings/mail-hooks/<int:number>/", views.one, name="mail-hook-change"),
]
