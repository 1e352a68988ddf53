"""Korean: the day's hours run to 24, as on every notice of an office."""

DATETIME_FORMAT = "Y년 n월 j일 H:i"
