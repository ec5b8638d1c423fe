"""Makes a PKI and a B-B and a B-LTA signature with pyHanko, so that nobody is judged by his own.

usage: make.py IN.pdf FOLDER
"""

import datetime
import os
import sys

from asn1crypto import crl as asn1_crl, keys as asn1_keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

source, folder = sys.argv[1:3]
NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text + " KIỂM THỬ")])


def issue(text, bits, issuer=None, purpose=None):
    key = rsa.generate_private_key(65537, bits)
    above, above_key = issuer or (None, key)
    is_authority = text.startswith("CA")
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(text)).issuer_name(above.subject if above else name(text))
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 30 * DAY).not_valid_after(NOW + 900 * DAY)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.KeyUsage(
            not is_authority, not is_authority, False, False, False, is_authority, is_authority,
            False, False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(
            above_key.public_key()), False))
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(above_key, hashes.SHA256()), key


def revocations(issuer):
    certificate, key = issuer
    made = (x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
            .last_update(NOW - datetime.timedelta(minutes=1)).next_update(NOW + 30 * DAY)
            .add_extension(x509.CRLNumber(1), False)
            .sign(key, hashes.SHA256()))
    return asn1_crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))


def plain(pair):
    certificate, key = pair
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                            serialization.NoEncryption())
    return (asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
            asn1_keys.PrivateKeyInfo.load(der))


root = issue("CA gốc", 4096)
authority = issue("CA phụ", 2048, root)
signer = plain(issue("Lê Văn Bình", 2048, authority))
tsa = plain(issue("TSA", 2048, authority, ExtendedKeyUsageOID.TIME_STAMPING))
with open(os.path.join(folder, "root.pem"), "wb") as out:
    out.write(root[0].public_bytes(serialization.Encoding.PEM))
store = SimpleCertificateStore()
store.register(plain(authority)[0])
context = ValidationContext(
    trust_roots=[plain(root)[0]], other_certs=[plain(authority)[0]], allow_fetching=False,
    crls=[revocations(root), revocations(authority)], revocation_mode="require")
for level in ("b-b", "b-lta"):
    is_long = level == "b-lta"
    metadata = PdfSignatureMetadata(
        field_name="ChuKy", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
        use_pades_lta=is_long, embed_validation_info=is_long,
        validation_context=context if is_long else None)
    with open(source, "rb") as handle, open(os.path.join(folder, level + ".pdf"), "w+b") as out:
        signers.PdfSigner(
            metadata, signers.SimpleSigner(signer[0], signer[1], store),
            timestamper=timestamps.DummyTimeStamper(tsa[0], tsa[1], store) if is_long else None,
        ).sign_pdf(IncrementalPdfFileWriter(handle), output=out)
