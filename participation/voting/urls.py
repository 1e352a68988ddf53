"""Pages of votes."""

from django.urls import path

from participation.voting.views import balloting, reading

app_name = "voting"

urlpatterns = [
    path("votes/", reading.poll_list, name="list"),
    path("votes/verify.py", reading.verify_script, name="verify"),
    path("votes/<uuid:pk>/", reading.poll_detail, name="detail"),
    path("votes/<uuid:pk>/ballot/", balloting.ballot, name="ballot"),
    path("votes/<uuid:pk>/receipt/", reading.receipt, name="receipt"),
    path("votes/<uuid:pk>/board.json", reading.board_json, name="board_json"),
    path("votes/<uuid:pk>/board.csv", reading.board_csv, name="board_csv"),
]
