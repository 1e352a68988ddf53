"""What changes meetings. Locks: the meeting where it takes a turn, own rows, the ledger, the room."""
