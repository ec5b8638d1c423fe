"""A whole PKI on loopback, by certomancer, with a clock of its own.

usage: authority.py DIR
Writes DIR/root.pem, DIR/sub.pem, and for every signer DIR/NAME.der (certificate) and DIR/NAME.key
(PKCS#8, DER). Prints one line of JSON: {"url": ...}. POST /clock with an ISO time sets the time of
every answer, as X-Certomancer-Fake-Time does; an empty body lets the machine's clock rule again.
Ends when standard input ends.
"""

import datetime
import json
import logging
import os
import pathlib
import sys
import threading

from asn1crypto import pem
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat)
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

MARK = "KIỂM THỬ - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
logging.disable(logging.CRITICAL)
folder = pathlib.Path(sys.argv[1])

# What they are called, and the kind of their keys.
KEYS = {
    "root": ("CA " + MARK, "ec"), "sub": ("CA phụ " + MARK, "ec"),
    "ocsp": ("OCSP " + MARK, "ec"), "tsa": ("TSA " + MARK, 2048),
    "tsa2": ("TSA thứ hai " + MARK, "ec"),
    "leader": ("Lê Văn Bình", 2048), "initials": ("Trần Thị Ánh", 3072),
    "seal": ("UBND xã Bình Minh Đông", "ec"), "short": ("Sắp hết hạn", "ec"),
    "revoked-before": ("Đã bị thu hồi", "ec"), "revoked-after": ("Sẽ bị thu hồi", "ec"),
    "expired": ("Đã hết hạn", "ec"), "cipher": ("Mã hóa", "ec"),
}


def days(number):
    return (NOW + datetime.timedelta(days=number)).isoformat()


def make_keys():
    for name, (_, kind) in KEYS.items():
        key = (ec.generate_private_key(ec.SECP256R1()) if kind == "ec"
               else rsa.generate_private_key(65537, kind))
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.key").write_bytes(der)
        (folder / f"{name}.key.pem").write_bytes(pem.armor("PRIVATE KEY", der))


def cert(issuer, profile, start=-900, end=3650, **more):
    return {"issuer": issuer, "validity": {"valid-from": days(start), "valid-to": days(end)},
            "profiles": profile, **more}


def usage(*bits):
    return {"id": "key_usage", "critical": True,
            "smart-value": {"schema": "key-usage", "params": list(bits)}}


def config(url):
    signer = ["digsig-commitment"]
    stamping = [usage("digital_signature"),
                {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]}]
    return {
        "external-url-prefix": url,
        "keysets": {"kiemthu": {"keys": {
            name: {"path": f"{name}.key.pem"} for name in KEYS}}},
        "pki-architectures": {"kiemthu": {
            "keyset": "kiemthu",
            "entity-defaults": {"country-name": "VN", "organization-name": "UBND tỉnh H99"},
            "entities": {name: {"common-name": common} for name, (common, _) in KEYS.items()},
            "certs": {
                "root": cert("root", [{"id": "simple-ca", "params": {"crl-repo": "root"}}], end=7300),
                "sub": cert("root", [{"id": "simple-ca", "params": {
                    "max-path-len": 0, "crl-repo": "sub", "ocsp-service": "sub"}}], end=7000),
                "ocsp": cert("sub", ["ocsp-responder"], end=6000),
                "tsa": cert("sub", [], end=6000, extensions=stamping),
                "tsa2": cert("sub", [], end=6000, extensions=stamping),
                "leader": cert("sub", signer), "initials": cert("sub", signer),
                "seal": cert("sub", signer), "short": cert("sub", signer, end=30),
                "expired": cert("sub", signer, end=-1),
                "cipher": cert("sub", [], extensions=[usage("key_agreement")]),
                "revoked-before": cert("sub", signer, revocation={
                    "revoked-since": days(-1), "reason": "key_compromise"}),
                "revoked-after": cert("sub", signer, revocation={
                    "revoked-since": days(2), "reason": "key_compromise"}),
            },
            "services": {
                "ocsp": {"sub": {"for-issuer": "sub", "responder-cert": "ocsp",
                                 "signing-key": "ocsp"}},
                "crl-repo": {
                    "root": {"for-issuer": "root", "signing-key": "root",
                             "simulated-update-schedule": "P20D"},
                    "sub": {"for-issuer": "sub", "signing-key": "sub",
                            "simulated-update-schedule": "P1D"}},
                "cert-repo": {"root": {"for-issuer": "root"}, "sub": {"for-issuer": "sub"}},
                "time-stamping": {
                    "tsa": {"signing-cert": "tsa", "signing-key": "tsa",
                            "certs-to-embed": ["sub"]},
                    "tsa2": {"signing-cert": "tsa2", "signing-key": "tsa2",
                             "certs-to-embed": ["sub"]}},
            },
        }},
    }


class Clock:
    """Sets the header that certomancer reads the time from."""

    def __init__(self):
        self.app = None
        self.time = ""

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/clock":
            self.time = Request(environ).get_data(as_text=True)
            return Response("")(environ, start_response)
        if self.time:
            environ["HTTP_X_CERTOMANCER_FAKE_TIME"] = self.time
        return self.app.wsgi(environ, start_response)


class App:
    def __init__(self, animator):
        self.animator = animator

    def wsgi(self, environ, start_response):
        return self.animator(environ, start_response)


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


make_keys()
clock = Clock()
server = make_server("127.0.0.1", 0, clock, threaded=True, request_handler=Quiet)
url = f"http://127.0.0.1:{server.server_port}"
built = CertomancerConfig(config(url), key_search_dir=str(folder))
arch = built.get_pki_arch(ArchLabel("kiemthu"))
clock.app = App(Animator(AnimatorArchStore({ArchLabel("kiemthu"): arch}), with_web_ui=False))
for name in KEYS:
    der = arch.get_cert(CertLabel(name)).dump()
    (folder / f"{name}.der").write_bytes(der)
    (folder / f"{name}.pem").write_bytes(pem.armor("CERTIFICATE", der))
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"url": f"{url}/kiemthu"}), flush=True)
sys.stdin.read()
os._exit(0)
