"""Validates PDFs with pyHanko from local data only, and tells how long it took.

usage: validate.py ROOT.pem b-b|b-lta [--once FILE]
"""

import asyncio
import datetime
import json
import sys
import time

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades, validate_pdf_signature
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec, RevinfoOnlineFetchingRule, RevocationInfoGatheringSpec,
    SignatureValidationSpec)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, REQUIRE_REVINFO
from pyhanko_certvalidator.registry import SimpleTrustManager

root = load_cert_from_pemder(sys.argv[1])
level = sys.argv[2]


def plain(signature):
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=context)
    assert status.intact and status.valid


def long_term(signature):
    moment = datetime.datetime.now(datetime.timezone.utc)
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build([root]),
            revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)))
    timing = ValidationTimingInfo(
        validation_time=moment, best_signature_time=moment, point_in_time_validation=True)
    result = asyncio.run(ades.ades_lta_validation(signature, spec, timing_info=timing))
    assert result.ades_subindic.status.name == "PASSED", result.failure_msg


def validate(file):
    with open(file, "rb") as handle:
        signature = PdfFileReader(handle).embedded_regular_signatures[0]
        (long_term if level == "b-lta" else plain)(signature)


if sys.argv[3:4] == ["--once"]:
    # A root that did not issue the signer leaves it untrusted; the work is the same.
    validate(sys.argv[4])
    sys.exit()
for line in sys.stdin:
    task = json.loads(line)
    try:
        started = time.perf_counter()
        for file in task["files"]:
            validate(file)
        answer = {"seconds": time.perf_counter() - started}
    except Exception as problem:  # the bench decides what to do about it
        answer = {"error": repr(problem)}
    print(json.dumps(answer), flush=True)
