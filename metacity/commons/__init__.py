"""The ground: errors, ledger, events, jobs, access, pagination, text."""
