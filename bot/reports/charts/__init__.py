"""Charts of the figures: each has its table, one sentence that says what it shows, and a picture.

A chart is told from figures alone and draws nothing: `gallery.chart(session, wish)`. Its picture is
made in a process of its own: `drawing.draw(chart, "svg", dark=True)`. Sentences are English, as all
of the reports are. A chart without figures says why, and has no picture.
"""
