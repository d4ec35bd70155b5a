"""Tests of the simulated platforms, over real sockets on loopback."""
