"""Validates signed PDFs with pyHanko and prints one line of JSON for each file.

usage: judge.py ROOT.pem [--at UNIX_TIME] FILE...
"""

import datetime
import json
import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
root = load_cert_from_pemder(sys.argv[1])
files = sys.argv[2:]
moment = None
if files[:1] == ["--at"]:
    moment = datetime.datetime.fromtimestamp(int(files[1]), datetime.timezone.utc)
    files = files[2:]
for name in files:
    verdicts = []
    error = None
    try:
        with open(name, "rb") as handle:
            reader = PdfFileReader(handle, strict=False)
            if reader.encrypted:
                reader.decrypt("")
            for embedded in reader.embedded_signatures:
                context = ValidationContext(
                    trust_roots=[root], allow_fetching=False, moment=moment)
                try:
                    if embedded.sig_object.get("/Type") == "/DocTimeStamp":
                        status = validate_pdf_timestamp(embedded, validation_context=context)
                    else:
                        status = validate_pdf_signature(
                            embedded, signer_validation_context=context)
                    verdicts.append({
                        "field": embedded.field_name,
                        "ok": bool(getattr(status, "bottom_line", None) if hasattr(status, "bottom_line")
                                   else status.valid and status.intact and status.trusted),
                        "intact": bool(status.intact),
                        "valid": bool(status.valid),
                        "trusted": bool(status.trusted),
                        "coverage": str(status.coverage),
                        "changes": str(getattr(status, "modification_level", None)),
                    })
                except Exception as problem:  # an oracle must answer, whatever it is fed
                    verdicts.append({"field": embedded.field_name, "ok": False,
                                     "error": repr(problem)[:300]})
    except Exception as problem:
        error = repr(problem)[:300]
    print(json.dumps({"file": name, "error": error, "signatures": verdicts}))
