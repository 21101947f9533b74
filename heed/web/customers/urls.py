"""Addresses of customers."""

from django.urls import path

from heed.web.customers import lists, views, writing

urlpatterns = [
    path("", lists.customers, name="customers"),
    path("menu/", lists.menu, name="customers-menu"),
    path("<int:number>/", views.customer, name="customer"),
    path("<int:number>/menu/", views.menu, name="customer-menu"),
    path("<int:number>/profile/", writing.profile, name="customer-profile"),
    path("<int:number>/notes/", writing.note, name="customer-notes"),
    path("notes/<int:number>/", writing.rewrite, name="customer-note"),
    path("notes/<int:number>/erase/", writing.erase, name="customer-note-erase"),
    path("<int:number>/merge/", views.merge, name="customer-merge"),
    path("<int:number>/split/", views.split, name="customer-split"),
    path("moves/<int:number>/undo/", views.undo, name="customer-undo"),
]
