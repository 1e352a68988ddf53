"""What keeps participation civil: reports, decisions with reasons, notices, and objections to a second person."""
