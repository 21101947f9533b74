"""Addresses of what triage shows."""

from django.urls import path

from heed.web.triage import addresses, quarantine, storms

urlpatterns = [
    path("settings/quarantine/", quarantine.listed, name="quarantine"),
    path("settings/blocked/", quarantine.blocked, name="blocked"),
    path("settings/blocked/<int:number>/unblock/", quarantine.let_in, name="unblock"),
    path("settings/mail-storms/", storms.listed, name="storms"),
    path("settings/mail-storms/new/", storms.new, name="storm-new"),
    path("settings/mail-storms/<int:number>/", storms.one, name="storm"),
    path("addresses/<int:number>/", addresses.standing_page, name="address"),
    path("addresses/<int:number>/resubscribe/", addresses.resubscribed, name="address-resubscribe"),
]
