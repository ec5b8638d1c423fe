"""Signs PDFs with pyHanko through PKCS#11, in one session, and tells how long it took.

usage: sign.py MODULE LABEL PIN CA.der [--once IN OUT]
Without --once each line of standard input is {"files": [..], "out": folder}, answered by a line.
"""

import json
import os
import sys
import time

from asn1crypto import x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

module, label, pin, authority = sys.argv[1:5]
session = open_pkcs11_session(module, token_criteria=TokenCriteria(label=label), user_pin=pin)
with open(authority, "rb") as handle:
    chain = [x509.Certificate.load(handle.read())]
signer = PKCS11Signer(session, key_label="Ký số", cert_label="Ký số", other_certs_to_pull=(),
                      ca_chain=chain)
metadata = PdfSignatureMetadata(
    field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)


def sign(source, target):
    with open(source, "rb") as handle, open(target, "w+b") as out:
        signers.sign_pdf(
            IncrementalPdfFileWriter(handle), metadata, signer, output=out, bytes_reserved=16384)


if sys.argv[5:6] == ["--once"]:
    sign(sys.argv[6], sys.argv[7])
    sys.exit()
for line in sys.stdin:
    task = json.loads(line)
    try:
        started = time.perf_counter()
        for file in task["files"]:
            sign(file, os.path.join(task["out"], os.path.basename(file)))
        answer = {"seconds": time.perf_counter() - started}
    except Exception as problem:  # the bench decides what to do about it
        answer = {"error": repr(problem)}
    print(json.dumps(answer), flush=True)
