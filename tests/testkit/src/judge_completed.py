"""Judges a PDF whose first signature was completed by document time stamps, by pyHanko's procedures of
EN 319 102-1, from nothing but the file and a root: nothing is fetched.

usage: judge_completed.py ROOT.pem UNIX_TIME FILE
Every document time stamp by clause 5.4; the signature by clause 5.3 with the store as local knowledge
and the first time stamp's time as its best signature time; what came after the signature by pyHanko's
policy of differences. Not by clauses 5.5 and 5.6: pyHanko's take a time stamp inside the signature
only (SIG_CONSTRAINTS_FAILURE otherwise), where EN 319 142-1, 5.3 admits one over the document.
One line of JSON: `indication` is PASSED when all of them passed.
"""

import asyncio
import datetime
import json
import logging
import sys

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge, RevinfoOnlineFetchingRule, RevocationInfoGatheringSpec,
    SignatureValidationSpec)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

logging.disable(logging.CRITICAL)
root = load_cert_from_pemder(sys.argv[1])
moment = datetime.datetime.fromtimestamp(int(sys.argv[2]), datetime.timezone.utc)


def timing(best):
    return ValidationTimingInfo(
        validation_time=moment, best_signature_time=best, point_in_time_validation=True)


async def judge(name):
    with open(name, "rb") as handle:
        reader = PdfFileReader(handle, strict=False)
        store = DocumentSecurityStore.read_dss(reader)
        spec = SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build([root]),
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=LocalKnowledge(
                known_ocsps=[one for item in store.ocsps
                             for one in OCSPContainer.load_multi(
                                 OCSPResponse.load(item.get_object().data))],
                known_crls=[CRLContainer(CertificateList.load(item.get_object().data))
                            for item in store.crls],
                known_certs=list(store.load_certs())))
        stamps, times = [], []
        for stamp in reader.embedded_timestamp_signatures:
            result = await ades.ades_timestamp_validation(
                stamp.signed_data, spec, lambda _, stamp=stamp: stamp.compute_digest(),
                timing_info=timing(moment))
            stamps.append(result.ades_subindic.name)
            times.append(stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native)
        signature = reader.embedded_regular_signatures[0]
        signed = await ades.ades_basic_validation(
            signature.signed_data, spec, timing_info=timing(min(times)),
            raw_digest=signature.compute_digest())
        signature.compute_integrity_info()
        changes = signature.diff_result.modification_level
        passed = (bool(stamps) and all(stamp == "OK" for stamp in stamps)
                  and signed.ades_subindic.name == "OK"
                  and changes <= ModificationLevel.LTA_UPDATES)
        return {"indication": "PASSED" if passed else "FAILED", "time_stamps": stamps,
                "signature": signed.ades_subindic.name, "changes": changes.name,
                "message": str(signed.failure_msg)}


try:
    verdict = asyncio.run(judge(sys.argv[3]))
except Exception as problem:  # an oracle must answer, whatever it is fed
    verdict = {"error": repr(problem)[:400]}
print(json.dumps(verdict))
