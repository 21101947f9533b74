"""Addresses of customers."""

from django.urls import path

from heed.web.customers import views

urlpatterns = [
    path("<int:number>/", views.customer, name="customer"),
    path("<int:number>/menu/", views.menu, name="customer-menu"),
    path("<int:number>/merge/", views.merge, name="customer-merge"),
    path("<int:number>/split/", views.split, name="customer-split"),
    path("moves/<int:number>/undo/", views.undo, name="customer-undo"),
]
