"""Encrypts a PDF with pyHanko in ways that qpdf does not offer.

usage: encrypt.py KIND IN OUT
The user password is empty, the owner's is "chu-tep".
"""

import sys

from pyhanko.pdf_utils.crypt import (
    IDENTITY, STD_CF, CryptFilterConfiguration, StandardAESCryptFilter, StandardSecurityHandler,
    StandardSecuritySettingsRevision)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

kind, source, target = sys.argv[1:]


def legacy(writer, strings, streams):
    configuration = CryptFilterConfiguration(
        {STD_CF: StandardAESCryptFilter(keylen=16)},
        default_string_filter=strings, default_stream_filter=streams)
    handler = StandardSecurityHandler.build_from_pw_legacy(
        StandardSecuritySettingsRevision.RC4_OR_AES128, writer.document_id[0].original_bytes,
        "chu-tep", "", crypt_filter_config=configuration)
    writer._assign_security_handler(handler)


with open(source, "rb") as handle:
    writer = copy_into_new_writer(PdfFileReader(handle, strict=False))
    if kind == "plain-strings":
        legacy(writer, IDENTITY, STD_CF)
    elif kind == "plain-streams":
        legacy(writer, STD_CF, IDENTITY)
    elif kind == "authenticated":
        writer.encrypt("chu-tep", "")
    else:
        raise ValueError(kind)
    with open(target, "wb") as out:
        writer.write(out)
