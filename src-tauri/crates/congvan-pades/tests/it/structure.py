"""Makes variants of a CMS signature, signed again by the same key, with an independent library.

Reads a JSON object {cms, key, content, variant} with hexadecimal values from stdin, prints the new
CMS in hexadecimal.
"""

import json
import sys
from datetime import datetime, timedelta, timezone

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

job = json.load(sys.stdin)
info = cms.ContentInfo.load(bytes.fromhex(job["cms"]))
signed = info["content"]
signer = signed["signer_infos"][0]
key = serialization.load_der_private_key(bytes.fromhex(job["key"]), None)
variant = job["variant"]
attributes = list(signer["signed_attrs"])

if variant == "seven-hours":
    moment = datetime.fromtimestamp(job["time"], timezone.utc) + timedelta(hours=7)
    attributes.append(
        cms.CMSAttribute(
            {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(moment)})]}
        )
    )
elif variant == "attribute-doubled":
    digest = [one for one in attributes if one["type"].native == "message_digest"]
    attributes += digest
elif variant == "serial-twin":
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CA KIEM THU KHAC")])
    twin = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        .serial_number(signer["sid"].chosen["serial_number"].native)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2040, 1, 1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    twin = cms.CertificateChoices("certificate", asn1_x509.Certificate.load(twin))
    signed["certificates"] = cms.CertificateSet([twin] + list(signed["certificates"]))

if variant == "no-attributes":
    message = bytes.fromhex(job["content"])
    signer["signed_attrs"] = None
else:
    chosen = cms.CMSAttributes(attributes)
    if variant == "attribute-doubled":
        # As it stands, not merged or sorted.
        body = b"".join(one.dump() for one in attributes)
        length = len(body).to_bytes(2, "big")
        chosen = cms.CMSAttributes.load(b"\x31\x82" + length + body)
    message = chosen.dump()
    signer["signed_attrs"] = chosen
signer["signature"] = key.sign(message, ec.ECDSA(hashes.SHA256()))
out = info.dump(force=True)
if variant == "ber":
    # The outermost value without a length, ended by two zeros.
    assert out[0] == 0x30 and out[1] == 0x82
    out = b"\x30\x80" + out[4:] + b"\x00\x00"
print(out.hex())
