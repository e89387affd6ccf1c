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
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

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
    """A self-signed certificate for that address and the loopback, and its key; made anew when the address changed.

    It is a server's and no authority's: whoever gets hold of its key, or believes it for good on a phone, has one for
    this address alone. A phone warns of it once and lets its owner go on, which an authority of our own would not
    spare without being installed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate, key = folder / f"{host}.crt", folder / f"{host}.key"
    if certificate.exists() and key.exists() and _holds(certificate):
        return certificate, key
    private = ec.generate_private_key(ec.SECP256R1())
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    certificate.write_bytes(_signed(private, host).public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _signed(private: ec.EllipticCurvePrivateKey, host: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    addresses = {ipaddress.ip_address(host), ipaddress.ip_address("127.0.0.1")}
    names = [x509.DNSName("localhost"), *(x509.IPAddress(address) for address in sorted(addresses, key=str))]
    own = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _CERTIFICATE_LIVES)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_HANDSHAKES, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(own, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .sign(private, hashes.SHA256())
    )


_SIGNS_HANDSHAKES = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _holds(certificate: Path) -> bool:
    """Whether it is good for another day, and no authority as earlier releases made it."""
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    is_authority = made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    return not is_authority and made.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)
