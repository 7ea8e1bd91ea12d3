"""What a CA may sign: name constraints (RFC 5280 4.2.1.10) of the hosts that are decrypted.

A permitted name covers itself and all below it, so a pattern becomes the domain behind its last `*`. Certificates for
addresses are excluded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from ipaddress import ip_network

from cryptography import x509

from promptguard.configuration.bundle import Bundle
from promptguard.destinations.hosts import an_instance
from promptguard.model import Destination

_ALL_ADDRESSES = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def permitted_by(bundle: Bundle) -> tuple[str, ...]:
    """What a new CA is to be constrained to as configured; empty where it is not to be."""
    settings = bundle.settings.ca
    besides = (*settings.permitted, *bundle.workspaces.sign_in_hosts)
    return permitted_names(bundle.registry.destinations, besides) if settings.name_constraints else ()


def permitted_names(destinations: Iterable[Destination], besides: Iterable[str] = ()) -> tuple[str, ...]:
    """The fewest names that cover all hosts, in order."""
    hosts = {host for destination in destinations for host in destination.hosts}
    names = {_fixed(host) for host in hosts} | set(besides)
    return tuple(sorted(name for name in names if not covers(names - {name}, name)))


def _fixed(pattern: str) -> str:
    """What is the same in all hosts of a pattern: whole labels behind its last `*`."""
    return pattern if "*" not in pattern else pattern.rpartition("*")[2].partition(".")[2]


def covers(permitted: Collection[str], host: str) -> bool:
    """Whether one of the names is the host, or a domain that it is in."""
    labels = host.split(".")
    return any(".".join(labels[number:]) in permitted for number in range(len(labels)))


def uncovered(
    permitted: Collection[str], destinations: Iterable[Destination], besides: Iterable[str] = ()
) -> tuple[str, ...]:
    """Hosts and patterns of services, and others that are decrypted, that a CA with these names may not sign."""
    hosts = {host for destination in destinations for host in destination.hosts}.union(besides)
    return tuple(sorted(host for host in hosts if not covers(permitted, an_instance(host))))


def extension(permitted: Iterable[str]) -> x509.NameConstraints:
    """The extension, which has to be critical."""
    excluded = [x509.IPAddress(network) for network in _ALL_ADDRESSES]
    return x509.NameConstraints([x509.DNSName(name) for name in permitted], excluded)


def permitted_of(certificate: x509.Certificate) -> frozenset[str] | None:
    """The names that a CA may sign; None for one that may sign all."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return None
    subtrees = constraints.permitted_subtrees
    return None if subtrees is None else frozenset(name.value for name in subtrees if isinstance(name, x509.DNSName))
