"""A spreadsheet that comes in, whatever its size: read, judged, shown, written, and undone if need be (ADR 18).

    the file ─ reading ─▶ the spool (rows of text, in chunks) ─ judging ─▶ an outcome a row, which staff look at
                                                              ─ applying ─▶ rows, their history and the journal
    the journal ─ undoing ─▶ everything as it was, but what somebody changed since

`reading` and what it uses know files, `table` what a table's columns are, a `Writer` how its rows are found and
written, `running` the pieces of the jobs. The verbs are in `common/services/imports.py`.
"""
