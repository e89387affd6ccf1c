"""This machine in the local network: its address, and a certificate that it makes for itself."""

from __future__ import annotations

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Safari refuses longer ones.
_CERTIFICATE_LIVES = timedelta(days=397)
# Documentation's own network: no packet is sent, the system only picks the way out.
_SOMEWHERE = ("192.0.2.1", 9)


def lan_address() -> str:
    """The address by which other machines of the network reach this one; the loopback's where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A self-signed certificate for that address and the loopback, and its key; made anew when the address changed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate, key = folder / f"{host}.crt", folder / f"{host}.key"
    if certificate.exists() and key.exists() and _holds(certificate):
        return certificate, key
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    addresses = {ipaddress.ip_address(host), ipaddress.ip_address("127.0.0.1")}
    names = [x509.DNSName("localhost"), *(x509.IPAddress(address) for address in sorted(addresses, key=str))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _CERTIFICATE_LIVES)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _holds(certificate: Path) -> bool:
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    return made.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)
