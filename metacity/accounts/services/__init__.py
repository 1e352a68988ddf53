"""What changes people's accounts. Each service is keyword-only, atomic, and leaves its mark in the ledger."""
