"""Addresses of the mail catcher."""

from django.urls import path

from heed.web.catcher import views

urlpatterns = [
    path("", views.catcher, name="catcher"),
    path("<int:number>/", views.mail, name="caught-mail"),
    path("<int:number>/html/", views.html, name="caught-mail-html"),
    path("<int:number>/raw/", views.raw, name="caught-mail-raw"),
]
