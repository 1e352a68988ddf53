"""Pages of meetings."""

from django.urls import path

from participation.meetings.views import acting, leading, minutes, office, reading, seat

app_name = "meetings"

urlpatterns = [
    path("meetings/", reading.meeting_list, name="list"),
    path("meetings/<uuid:pk>/", seat.seat, name="seat"),
    path("meetings/<uuid:pk>/calendar.ics", reading.calendar, name="calendar"),
    path("meetings/<uuid:pk>/write/", acting.write, name="write"),
    path("meetings/<uuid:pk>/ask/", acting.ask, name="ask"),
    path("meetings/<uuid:pk>/withdraw/", acting.withdraw, name="withdraw"),
    path("meetings/<uuid:pk>/finish/", acting.finish, name="finish"),
    path("meetings/<uuid:pk>/vote/", acting.cast, name="vote"),
    path("meetings/<uuid:pk>/lead/", leading.lead, name="lead"),
    path("meetings/<uuid:pk>/minutes/", minutes.minutes, name="minutes"),
    path("meetings/<uuid:pk>/minutes/write/", minutes.write, name="minutes_write"),
    path("meetings/<uuid:pk>/minutes/hand-in/", minutes.hand_in, name="minutes_hand_in"),
    path("meetings/<uuid:pk>/minutes/return/", minutes.give_back, name="minutes_return"),
    path("meetings/<uuid:pk>/minutes/approve/", minutes.approve, name="minutes_approve"),
    path("office/meetings/", office.meetings, name="office"),
    path("office/meetings/new/", office.new, name="office_new"),
    path("office/meetings/<uuid:pk>/", office.edit, name="office_edit"),
    path("office/meetings/<uuid:pk>/items/", office.item, name="office_item"),
    path("office/meetings/<uuid:pk>/cancel/", office.cancel, name="office_cancel"),
]
