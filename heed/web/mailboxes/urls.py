"""Addresses of the mailboxes."""

from django.urls import path

from heed.web.mailboxes import views

urlpatterns = [
    path("", views.listed, name="mailboxes"),
    path("add/", views.add, name="mailbox-add"),
    path("try/", views.try_new, name="mailbox-try"),
    path("authorized/", views.authorized, name="mailbox-authorized"),
    path("<int:number>/authorize/", views.authorize, name="mailbox-authorize"),
    path("<int:number>/", views.one, name="mailbox"),
    path("<int:number>/try/", views.try_known, name="mailbox-try-known"),
    path("<int:number>/look/", views.look, name="mailbox-look"),
    path("<int:number>/pause/", views.pause, name="mailbox-pause"),
    path("<int:number>/resume/", views.resume, name="mailbox-resume"),
    path("<int:number>/remove/", views.remove, name="mailbox-remove"),
]
