"""Addresses of the settings of people and teams."""

from django.urls import path

from heed.web.people import teams, views, work

urlpatterns = [
    path("people/", views.listed, name="settings-people"),
    path("people/<int:number>/", views.one, name="settings-person"),
    path("people/<int:number>/off/", views.off, name="settings-person-off"),
    path("people/<int:number>/on/", views.on, name="settings-person-on"),
    path("people/<int:number>/link/", views.link, name="settings-person-link"),
    path("people/<int:number>/second-factor/reset/", views.reset, name="settings-person-reset"),
    path("people/<int:number>/work/", work.of_somebody, name="settings-person-work"),
    path("you/work/", work.mine, name="settings-you-work"),
    path("teams/", teams.listed, name="settings-teams"),
    path("teams/<int:number>/", teams.one, name="settings-team"),
]
