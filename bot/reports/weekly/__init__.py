"""The week's report: what went out, how it did, what it cost, what needs a person, what comes.

Its figures are those of `reports.figures` and `reports.costs`; nothing is reckoned a second way.
It is in English wherever it is read, as it is passed on outside the web app.
"""
