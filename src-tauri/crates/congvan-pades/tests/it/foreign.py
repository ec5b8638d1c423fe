"""Signs PDFs with pyHanko in the ways that offices meet: what others made, we must judge rightly.

Reads {"root", "chain", "tsa", "evidence", "jobs"} as JSON from standard input. Each job names "in",
"out", the signer ("key", "cert") and its options; a job may name the output of an earlier one.
"""

import asyncio
import datetime
import json
import sys

from asn1crypto import x509 as asn1_x509, keys as asn1_keys
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils import generic
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, signers, timestamps
from pyhanko.sign.fields import (
    FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore


def certificate(text):
    return asn1_x509.Certificate.load(bytes.fromhex(text))


def key(text):
    return asn1_keys.PrivateKeyInfo.load(bytes.fromhex(text))


task = json.load(sys.stdin)
store = SimpleCertificateStore()
for der in task["chain"]:
    store.register(certificate(der))


def authority(moment):
    return timestamps.DummyTimeStamper(
        tsa_cert=certificate(task["tsa"]["cert"]), tsa_key=key(task["tsa"]["key"]),
        certs_to_embed=store, fixed_dt=moment)


# Signatures are stamped, then evidence is gathered, then the file is stamped.
early_tsa = authority(datetime.datetime.fromtimestamp(task["stamped_at"], datetime.timezone.utc))
tsa = authority(None)
evidence = [{
    "ocsps": [OCSPResponse.load(bytes.fromhex(one)) for one in some["ocsps"]],
    "crls": [CertificateList.load(bytes.fromhex(one)) for one in some["crls"]],
} for some in task["evidence"]]


def field_of(job):
    lock = {"all": FieldMDPSpec(FieldMDPAction.ALL),
            "other": FieldMDPSpec(FieldMDPAction.INCLUDE, fields=["Khac"])}.get(job.get("lock"))
    box = (60, 60, 260, 120) if job.get("visible") else None
    return SigFieldSpec(job["field"], on_page=0, box=box, field_mdp_spec=lock)


async def sign(job, writer, out):
    signer = signers.SimpleSigner(
        signing_cert=certificate(job["cert"]), signing_key=key(job["key"]), cert_registry=store,
        prefer_pss=bool(job.get("pss")))
    docmdp = {1: MDPPerm.NO_CHANGES, 2: MDPPerm.FILL_FORMS, 3: MDPPerm.ANNOTATE}
    metadata = PdfSignatureMetadata(
        field_name=job["field"], md_algorithm=job.get("digest", "sha256"),
        subfilter=SigSeedSubFilter.PADES if job.get("pades", True)
        else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        reason=job.get("reason"), certify="certify" in job,
        docmdp_permissions=docmdp[job.get("certify", 2)])
    await PdfSigner(
        metadata, signer, timestamper=early_tsa if job.get("stamped") else None,
        new_field_spec=field_of(job)).async_sign_pdf(
            writer, output=out, bytes_reserved=job.get("reserve", 12288))


async def run(job):
    with open(job["in"], "rb") as source, open(job["out"], "w+b") as out:
        if job["kind"] == "store":
            out.write(source.read())
            out.seek(0)
            known = task["chain"] + ([task["root"]] if job.get("rooted") else [])
            DocumentSecurityStore.add_dss(
                out, None, certs=[certificate(der) for der in known],
                **evidence[0 if job.get("early") else 1])
            return
        writer = IncrementalPdfFileWriter(source, strict=False)
        if job["kind"] == "stamp":
            await PdfTimeStamper(tsa).async_timestamp_pdf(
                writer, "sha256", None, output=out, bytes_reserved=12288)
        elif job["kind"] == "empty field":
            append_signature_field(writer, field_of(job))
            writer.write(out)
        elif job["kind"] == "fill":
            field = writer.root["/AcroForm"]["/Fields"][job["index"]]
            field = field.get_object() if hasattr(field, "get_object") else field
            field["/V"] = generic.pdf_string(job["value"])
            writer.mark_update(writer.root["/AcroForm"]["/Fields"].raw_get(job["index"]))
            writer.write(out)
        else:
            await sign(job, writer, out)


async def main():
    for job in task["jobs"]:
        await run(job)

asyncio.run(main())
