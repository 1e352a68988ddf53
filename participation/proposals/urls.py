"""Pages of proposals."""

from django.urls import path

from participation.proposals.views import designing, office, own, photos, reading, rules, sharing, supporting, writing

app_name = "proposals"

urlpatterns = [
    path("proposals/", reading.proposal_list, name="list"),
    path("proposals/new/", writing.new_proposal, name="new"),
    path("proposals/mine/", own.mine, name="mine"),
    path("proposals/drafts/", own.my_drafts, name="drafts"),
    path("proposals/drafts/<uuid:pk>/what/", writing.draft_what, name="draft_what"),
    path("proposals/drafts/<uuid:pk>/where/", writing.draft_where, name="draft_where"),
    path("proposals/drafts/<uuid:pk>/design/", designing.draft_design, name="draft_design"),
    path("proposals/drafts/<uuid:pk>/design.svg", designing.draft_picture, name="draft_picture"),
    path("proposals/drafts/<uuid:pk>/photos/<uuid:photo>/<slug:size>.jpg", photos.draft_photo, name="draft_photo"),
    path("proposals/drafts/<uuid:pk>/check/", writing.draft_check, name="draft_check"),
    path("proposals/drafts/<uuid:pk>/delete/", own.remove_draft, name="draft_delete"),
    path("proposals/<uuid:pk>/", reading.proposal_detail, name="detail"),
    path("proposals/<uuid:pk>/versions/", reading.proposal_versions, name="versions"),
    path("proposals/<uuid:pk>/support/", supporting.support, name="support"),
    path("proposals/<uuid:pk>/revise/", own.revise, name="revise"),
    path("proposals/<uuid:pk>/compute/", own.compute, name="compute"),
    path("proposals/<uuid:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("proposals/<uuid:pk>/photos/<uuid:photo>/<slug:size>.jpg", photos.proposal_photo, name="photo"),
    path("proposals/<uuid:pk>/og.png", sharing.picture, name="picture"),
    path("proposals/<uuid:pk>/map.svg", sharing.small_map, name="small_map"),
    path("proposals/<uuid:pk>/qr.svg", sharing.qr_code, name="qr"),
    path("rules/deadlines/", rules.deadlines, name="deadlines"),
    path("office/proposals/", office.office, name="office"),
    path("office/proposals/<uuid:pk>/", office.handling, name="handling"),
    path("office/proposals/<uuid:pk>/<slug:name>/", office.act, name="act"),
]
