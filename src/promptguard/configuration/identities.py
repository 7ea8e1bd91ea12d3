"""Who is who: users' groups, and whose machine has which address. From `config/identities.yaml`."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from promptguard.configuration.device_revocations import DeviceRevocations, moment
from promptguard.model import IdentityClass
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import mistake, suggestion

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _moment(text: str) -> str:
    moment(text)
    return text


Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
"""Of a language (BCP 47)."""


class Languages(Section):
    """In which language people read notices. What is set here counts before what a browser asks for."""

    users: dict[_Name, Tag] = Field(default_factory=dict, description="The language of a user, such as `de`.")
    groups: dict[_Name, Tag] = Field(
        default_factory=dict, description="The language of a group's members; of several groups the first named counts."
    )
    devices: dict[_Name, Tag] = Field(
        default_factory=dict, description="The language at a device, by the id that `promptguard devices` gave it."
    )
    addresses: dict[str, Tag] = Field(
        default_factory=dict,
        description="The language at client addresses or in networks; of several networks the smallest counts.",
    )

    @model_validator(mode="after")
    def _addresses_are_networks(self) -> Self:
        for text in self.addresses:
            try:
                parsed_network(text)
            except ValueError:
                raise _no_network(("addresses", text), text) from None
        return self


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
    devices_revoked_before: dict[_Name, Annotated[str, AfterValidator(_moment)]] = Field(
        default_factory=dict,
        description=(
            "Users, and the moment before which credentials of their devices were made that do not count any more, see "
            "`promptguard devices revoke --user`."
        ),
    )
    languages: Languages = Field(
        default=Languages(),
        description="In which language people read notices: their own, else their group's, device's or network's.",
    )

    classes: dict[IdentityClass, tuple[_Name, ...]] = Field(
        default_factory=dict,
        description=(
            "Who is a `contractor` or a `service`: users, or groups of whoever knows them. All others are employees."
        ),
    )

    @model_validator(mode="after")
    def _addresses_are_clear(self) -> Self:
        seen: dict[Network, str] = {}
        for text, user in self.addresses.items():
            try:
                network = parsed_network(text)
            except ValueError:
                raise _no_network(("addresses", text), text) from None
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


def unknown_languages(languages: Languages, known: Collection[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a language is set of which there is no file, as the place in `identities.yaml` and the tag.

    Args:
        known: the tags (BCP 47) of the language files. A tag with a region is served by the language without it.
    """
    spoken = {tag.lower().partition("-")[0] for tag in known}
    for key in Languages.model_fields:
        for name, tag in getattr(languages, key).items():
            if tag.lower().partition("-")[0] not in spoken:
                yield ("languages", key, name), tag


class Identities:
    """Looks up users by address and groups by user."""

    def __init__(self, file: IdentitiesFile | None = None) -> None:
        file = file or IdentitiesFile()
        self._groups = {user: frozenset(groups) for user, groups in file.users.items()}
        networks = [(parsed_network(text), user) for text, user in file.addresses.items()]
        networks.sort(key=lambda entry: entry[0].prefixlen, reverse=True)
        self._hosts = {network[0]: user for network, user in networks if network.prefixlen == network.max_prefixlen}
        self._networks = [(network, user) for network, user in networks if network.prefixlen < network.max_prefixlen]
        self._classes = {name: each for each, names in file.classes.items() for name in names}
        self.users = frozenset(self._groups)
        before = {user.casefold(): moment(text).timestamp() for user, text in file.devices_revoked_before.items()}
        self.device_revocations = DeviceRevocations(frozenset(file.revoked_devices), before)
        self.groups = frozenset(group for groups in self._groups.values() for group in groups)
        self.languages = file.languages
        spoken = [(parsed_network(text), tag) for text, tag in file.languages.addresses.items()]
        self._spoken = sorted(spoken, key=lambda entry: entry[0].prefixlen, reverse=True)

    def class_of(self, user: str, groups: frozenset[str]) -> IdentityClass:
        """What somebody is to the company; of one who is named as several, the user's own name goes first."""
        if user in self._classes:
            return self._classes[user]
        found = {self._classes[group] for group in groups if group in self._classes}
        return next((each for each in IdentityClass if each in found), IdentityClass.EMPLOYEE)

    def groups_of(self, user: str) -> frozenset[str]:
        """The groups of a user; none for one who is not listed."""
        return self._groups.get(user, frozenset())

    def user_at(self, address: str) -> str | None:
        """The user of the smallest network that holds a client's address; None where there is none."""
        client = _parsed_address(address)
        if client is None:
            return None
        if user := self._hosts.get(client):
            return user
        return next((user for network, user in self._networks if client in network), None)

    def language_of(self, user: str, groups: Collection[str], device: str, address: str) -> str:
        """The tag of the language that is set for somebody; empty where none is.

        Args:
            groups: all that the user is in, those of a directory too.
            device: its id; empty where no device signed in.
            address: the client's.
        """
        languages = self.languages
        if tag := languages.users.get(user):
            return tag
        if tag := next((tag for group, tag in languages.groups.items() if group in groups), ""):
            return tag
        if tag := languages.devices.get(device):
            return tag
        client = _parsed_address(address) if self._spoken else None
        return next((tag for network, tag in self._spoken if client is not None and client in network), "")


def _parsed_address(address: str) -> Address | None:
    try:
        return unmapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return None


def _no_network(place: tuple[str, ...], text: str) -> PydanticCustomError:
    return mistake(
        place,
        f"‘{text}’ is neither an address nor a network",
        'Write one such as 192.0.2.17, 10.20.0.0/16 or "2001:db8::/32".',
    )


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
