"""Signs files in one PKCS#11 session; prints the seconds it took, start-up left out."""

import sys
import time

from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

module, label, pin, *files = sys.argv[1:]
criteria = TokenCriteria(label=label)
with open_pkcs11_session(module, token_criteria=criteria, user_pin=pin) as session:
    signer = PKCS11Signer(session, cert_label="Ký số", key_label="Ký số")
    started = time.perf_counter()
    for number, name in enumerate(files):
        with open(name, "rb") as source:
            writer = IncrementalPdfFileWriter(source)
            field = SigFieldSpec(f"Ky{number}", on_page=0, box=(300, 100, 500, 170))
            meta = PdfSignatureMetadata(
                field_name=field.sig_field_name, subfilter=SigSeedSubFilter.PADES
            )
            with open(name + ".signed", "w+b") as out:
                PdfSigner(meta, signer, new_field_spec=field).sign_pdf(writer, output=out)
    print(time.perf_counter() - started)
