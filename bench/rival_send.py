"""The delivery that the rivals of bench/rivals do: the bare loop's very call, by a number."""

from argparse import Namespace

from bench.posters import bare

send, _ = bare(Namespace(words="a rival"))
