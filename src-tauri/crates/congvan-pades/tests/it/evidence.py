"""Makes OCSP answers and revocation lists with pyca/cryptography, which shares nothing with us.

Reads jobs as JSON from standard input and writes, for each, a line of hexadecimal DER.
"""

import datetime
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp


def at(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def cert(text):
    return x509.load_der_x509_certificate(bytes.fromhex(text))


for job in json.load(sys.stdin):
    key = serialization.load_der_private_key(bytes.fromhex(job["key"]), None)
    issuer = cert(job["issuer"])
    reason = getattr(x509.ReasonFlags, job.get("reason") or "key_compromise")
    if job["kind"] == "crl":
        builder = (x509.CertificateRevocationListBuilder()
                   .issuer_name(issuer.subject)
                   .last_update(at(job["this"]))
                   .next_update(at(job["next"])))
        if job.get("revoked") is not None:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(cert(job["subject"]).serial_number)
                .revocation_date(at(job["revoked"]))
                .add_extension(x509.CRLReason(reason), critical=False)
                .build())
        if job.get("point"):
            builder = builder.add_extension(x509.IssuingDistributionPoint(
                full_name=[x509.UniformResourceIdentifier(job["point"])], relative_name=None,
                only_contains_user_certs=False, only_contains_ca_certs=False,
                only_some_reasons=None, indirect_crl=False,
                only_contains_attribute_certs=False), critical=True)
        made = builder.sign(key, hashes.SHA256())
    else:
        revoked = job.get("revoked")
        responder = cert(job["responder"])
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=cert(job["subject"]), issuer=issuer,
            algorithm=hashes.SHA256() if job.get("sha256") else hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.GOOD if revoked is None
            else ocsp.OCSPCertStatus.REVOKED,
            this_update=at(job["this"]), next_update=at(job["next"]),
            revocation_time=None if revoked is None else at(revoked),
            revocation_reason=None if revoked is None else reason,
        ).responder_id(
            ocsp.OCSPResponderEncoding.NAME if job.get("by_name")
            else ocsp.OCSPResponderEncoding.HASH, responder)
        if job["responder"] != job["issuer"]:
            builder = builder.certificates([responder])
        made = builder.sign(key, hashes.SHA256())
    print(made.public_bytes(serialization.Encoding.DER).hex())
