"""Which addresses may be visited on behalf of a feed."""

import pytest

from bot.wire import public_address

PUBLIC = [
    "93.184.216.34",
    "8.8.8.8",
    "192.0.1.1",
    "2606:2800:220:1:248:1893:25c8:1946",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]
INWARD = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:7f00:1::1",
    "2001:0:808:808:0:0:80ff:fffe",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
    "",
    "localhost",
    "127.1",
    "0x7f000001",
    "2130706433",
]


@pytest.mark.parametrize("ip", PUBLIC)
def test_an_address_on_the_internet_may_be_visited(ip):
    """Public, and public inside where it carries another."""
    assert public_address(ip) is True


@pytest.mark.parametrize("ip", INWARD)
def test_an_address_that_leads_inwards_may_not_be_visited(ip):
    """Private, reserved, carrying a private one, or no address at all."""
    assert public_address(ip) is False
