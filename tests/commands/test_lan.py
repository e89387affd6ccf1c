"""The certificate for a phone on the same Wi-Fi: a server's, for its own addresses, and nobody's authority."""

from __future__ import annotations

import ipaddress
import shutil
import socket
import ssl
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from verify_svc.commands.lan import make_certificate

HOST = "192.168.7.20"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return make_certificate(tmp_path / "tls", HOST)


@pytest.fixture
def made(files: tuple[Path, Path]) -> x509.Certificate:
    return x509.load_pem_x509_certificate(files[0].read_bytes())


def test_it_is_a_servers_certificate_and_no_authoritys(made: x509.Certificate) -> None:
    found = made.extensions
    basic = found.get_extension_for_class(x509.BasicConstraints)
    usage = found.get_extension_for_class(x509.KeyUsage)
    assert (basic.critical, basic.value.ca) == (True, False)
    assert (usage.critical, usage.value.digital_signature) == (True, True)
    assert (usage.value.key_cert_sign, usage.value.crl_sign) == (False, False)
    assert list(found.get_extension_for_class(x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_it_names_its_key_and_is_signed_by_it(made: x509.Certificate) -> None:
    own = made.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    signer = made.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    assert own.digest == x509.SubjectKeyIdentifier.from_public_key(made.public_key()).digest
    assert signer.key_identifier == own.digest
    made.verify_directly_issued_by(made)


def test_it_is_for_the_address_and_this_machine_alone(made: x509.Certificate) -> None:
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    assert (addresses, names.get_values_for_type(x509.DNSName)) == ({HOST, "127.0.0.1"}, ["localhost"])


def test_it_lives_no_longer_than_safari_takes(made: x509.Certificate) -> None:
    lives = made.not_valid_after_utc - made.not_valid_before_utc
    assert timedelta(days=300) < lives < timedelta(days=398)


@contextmanager
def serving(files: tuple[Path, Path]) -> Iterator[int]:
    """A TLS server on the loopback that greets one caller; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            caller, _ = listening.accept()
            with caller, context.wrap_socket(caller, server_side=True) as secured:
                secured.sendall(b"hello")

        thread = threading.Thread(target=greet)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join(10)


def test_a_client_that_is_given_it_trusts_the_server(files: tuple[Path, Path]) -> None:
    """As the reference portal and `make run` itself do, by the strictest rules that Python knows."""
    context = ssl.create_default_context(cafile=str(files[0]))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        serving(files) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        assert secured.recv(5) == b"hello"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_takes_it_for_a_tls_server(files: tuple[Path, Path]) -> None:
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", str(files[0]), str(files[0])]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_key_is_for_its_owner_alone_and_both_stay(files: tuple[Path, Path]) -> None:
    before = [path.read_bytes() for path in files]
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o600
    assert [path.read_bytes() for path in make_certificate(files[0].parent, HOST)] == before


def test_another_address_gets_its_own(files: tuple[Path, Path]) -> None:
    other = x509.load_pem_x509_certificate(make_certificate(files[0].parent, "192.168.7.21")[0].read_bytes())
    names = other.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("192.168.7.21") in names.get_values_for_type(x509.IPAddress)


def test_an_authority_that_an_earlier_release_made_is_replaced(files: tuple[Path, Path]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    now = datetime.now(UTC)
    earlier = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=300))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files[0].write_bytes(earlier.public_bytes(serialization.Encoding.PEM))
    made = x509.load_pem_x509_certificate(make_certificate(files[0].parent, HOST)[0].read_bytes())
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
