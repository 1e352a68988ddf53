"""Pages of people: identity checks and guardians under `/accounts/` (beside allauth's), one's own page, the desk."""

from django.urls import path

from metacity.accounts.views import about, desk, guardian, identity, me, notices, office

app_name = "accounts"

urlpatterns = [
    path("accounts/identity/", identity.choose, name="identity"),
    path("accounts/identity/again/", identity.again, name="identity_again"),
    path("accounts/identity/join/", identity.join, name="join"),
    path("accounts/identity/<slug:key>/complete/", identity.complete, name="identity_complete"),
    path("accounts/guardian/", guardian.ask, name="guardian"),
    path("accounts/guardian/<str:token>/", guardian.answer, name="guardian_answer"),
    path("me/", me.me, name="me"),
    path("me/consents/", me.renew_consents, name="consents"),
    path("me/consents/<slug:item>/", me.set_consent, name="set_consent"),
    path("me/data/", me.export, name="export"),
    path("me/delete/", me.delete, name="delete"),
    path("me/deleted/", me.deleted, name="deleted"),
    path("me/second-factor/", me.second_factor, name="second_factor"),
    path("me/notices/", notices.notices, name="notices"),
    path("me/notices/topics/", notices.choose, name="notices_choose"),
    path("me/notices/seen/", notices.mark_all, name="notices_seen"),
    path("me/notices/<uuid:pk>/", notices.open_notice, name="open_notice"),
    path("office/", office.inbox, name="office"),
    path("office/desk/", desk.desk, name="desk"),
    path("office/desk/<uuid:voucher_id>/revoke/", desk.revoke, name="desk_revoke"),
    path("privacy/", about.privacy, name="privacy"),
    path("demo/mail/", about.mailbox, name="demo_mail"),
]
