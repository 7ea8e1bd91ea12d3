"""Who is who: users' groups, and whose machine has which address. From `config/identities.yaml`."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import mistake, suggestion

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class IdentitiesFile(Section):
    """The shape of `identities.yaml`."""

    users: dict[_Name, tuple[_Name, ...]] = Field(
        default_factory=dict, description="Each user and the list of groups that the user is in."
    )
    addresses: dict[str, _Name] = Field(
        default_factory=dict,
        description="Client addresses, or networks such as 10.20.0.0/16, and the user who sits there.",
    )

    revoked_devices: tuple[_Name, ...] = Field(
        default=(),
        description="Ids of devices whose credentials do not count any more, see `promptguard devices revoke`.",
    )

    @model_validator(mode="after")
    def _addresses_are_clear(self) -> Self:
        seen: dict[Network, str] = {}
        for text, user in self.addresses.items():
            try:
                network = parsed_network(text)
            except ValueError:
                raise mistake(
                    ("addresses", text),
                    f"‘{text}’ is neither an address nor a network",
                    'Write one such as 192.0.2.17, 10.20.0.0/16 or "2001:db8::/32".',
                ) from None
            if network in seen:
                raise mistake(
                    ("addresses", text), f"‘{seen[network]}’ above means the same addresses", "Keep one of the two."
                )
            if user not in self.users:
                raise mistake(
                    ("addresses", text), f"there is no user ‘{user}’", suggestion(user, self.users, noun="users")
                )
            seen[network] = text
        return self


class Identities:
    """Looks up users by address and groups by user."""

    def __init__(self, file: IdentitiesFile | None = None) -> None:
        file = file or IdentitiesFile()
        self._groups = {user: frozenset(groups) for user, groups in file.users.items()}
        networks = [(parsed_network(text), user) for text, user in file.addresses.items()]
        networks.sort(key=lambda entry: entry[0].prefixlen, reverse=True)
        self._hosts = {network[0]: user for network, user in networks if network.prefixlen == network.max_prefixlen}
        self._networks = [(network, user) for network, user in networks if network.prefixlen < network.max_prefixlen]
        self.users = frozenset(self._groups)
        self.revoked_devices = frozenset(file.revoked_devices)
        self.groups = frozenset(group for groups in self._groups.values() for group in groups)

    def groups_of(self, user: str) -> frozenset[str]:
        """The groups of a user; none for one who is not listed."""
        return self._groups.get(user, frozenset())

    def user_at(self, address: str) -> str | None:
        """The user of the smallest network that holds a client's address; None where there is none."""
        try:
            client = unmapped(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            return None
        if user := self._hosts.get(client):
            return user
        return next((user for network, user in self._networks if client in network), None)


def parsed_network(text: str) -> Network:
    """An address, or a network in CIDR notation (RFC 4632); an address is a network of one.

    Raises:
        ValueError: it is neither.
    """
    network = ipaddress.ip_network(text, strict=False)
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen == network.max_prefixlen:
        return ipaddress.ip_network(unmapped(network[0]))
    return network


def unmapped(address: Address) -> Address:
    """An IPv4 address for one in IPv6 form (`::ffff:192.0.2.1`), which dual-stack listeners report."""
    return getattr(address, "ipv4_mapped", None) or address
