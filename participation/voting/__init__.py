"""Votes that can be trusted: polls on proposals, their rolls, sealed ballots, receipts, tallies.

What a sealed poll promises, and how:

*One person, one ballot.* Opening a poll writes its roll, one row a person; a "has voted" row is unique by row of the
roll, and stands together with its ballot or not at all.

*Nobody learns who voted what.* A ballot and the row that says that somebody has voted share no key, and neither holds
a time. Casting writes no ledger entry, no event, no notice and no line of the log, and the turnout is told at fixed
times and in steps of at least ten (`tell_turnout`). When the poll closes, one transaction writes both tables anew, each
in a random order (`seal`), so that not even the database's own traces (`xmin`, `ctid`, `rowid`) join them; then the
pages that held the old rows are cleaned (`traces`).

*Recorded as cast, counted as recorded.* Whoever votes gets a receipt, which nobody keeps. What the poll keeps is a
one-way image of it, and a commitment to image and choice (`receipts`). After the close the commitments are published,
sorted and chained, and their head goes into the ledger; with the result, the images and choices that open them.
Everybody can count again (`verify`), and everybody finds the own ballot by the receipt.

What it does not promise. While a poll runs, whoever operates the database can join the rows, by the order or the
transaction in which they were written. It does not withstand coercion: a receipt shows how its holder voted. A backup
or a replica made while the poll runs keeps what the close wipes out, so it is kept apart and not longer than needed;
so are the proxy's log lines, which tell when ballots came in. A server that lies could hand two people one receipt;
whoever votes by the API chooses the key, which excludes it. Hence this is for no statutory vote, and its pages say so.
"""
