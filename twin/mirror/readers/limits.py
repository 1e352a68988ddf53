"""How much a city file may ask of us. Beyond, it is refused before memory is spent on it."""

MAX_FILE_BYTES = 1 << 30  # whole documents are parsed at once: about 8 times as much memory
MAX_SEQUENCE_BYTES = 64 << 30  # sequences are read line by line
MAX_FILES = 20_000  # in one delivery: the national models have some thousand for a large city
MAX_LINE_BYTES = 256 << 20
MAX_ZIP_RATIO = 200  # text of coordinates compresses 5 to 20 times; bombs thousands of times
MAX_VERTICES = 200_000_000
MAX_OBJECTS = 20_000_000
MAX_ID_LENGTH = 200
MAX_ATTRIBUTES = 200
MAX_TEXT_LENGTH = 500
MAX_ATTRIBUTE_DEPTH = 6
MAX_JSON_DEPTH = 200  # of documents that are read as a stream
MAX_HEIGHT_M = 1_500.0  # no building stands higher than 830 m
MAX_SPREAD_M = 100_000.0  # objects further than this from the middle of the file belong to no city
OBJECTS_A_PART = 10_000  # objects of a sequence that are in memory at a time: some 100 MB
VERTICES_A_PART = 1_000_000
