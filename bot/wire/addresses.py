"""Which network addresses are on the public internet, and which lead inwards.

An address that carries another one inside it (mapped, 6to4, Teredo, NAT64, compatible) is public
only if the inner one is too. Anything that cannot be read as an address is refused.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Listed because `is_global` answers differently across Python's patch releases.
INWARD_RANGES = (
    IPv6Network("::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("100::/64"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("3fff::/20"),
    IPv6Network("5f00::/16"),
    IPv6Network("fec0::/10"),
)
NAT64 = IPv6Network("64:ff9b::/96")


def public_address(ip: str) -> bool:
    """Whether an address may be dialled on behalf of a feed or an article."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _public_v4(address)
    return _public_v6(address)


def _public_v4(address: IPv4Address) -> bool:
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and address not in _PROTOCOL_ASSIGNMENTS


def _public_v6(address: IPv6Address) -> bool:
    inner = list(_carried(address))
    if inner:
        return all(_public_v4(carried) for carried in inner)
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    inward = any(address in network for network in INWARD_RANGES)
    return address.is_global and not special and not inward


def _carried(address: IPv6Address) -> list[IPv4Address]:
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return list(address.teredo)
    if address in NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    return []


_PROTOCOL_ASSIGNMENTS = frozenset(IPv4Address(f"192.0.0.{last}") for last in range(256))
