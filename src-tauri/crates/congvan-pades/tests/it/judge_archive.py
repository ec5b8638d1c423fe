"""Judges the first signature of PDFs as pyHanko does for the long term (EN 319 102-1, 5.6.3).

usage: judge_archive.py ROOT.pem UNIX_TIME FILE...
Evidence comes from the files alone; nothing is fetched. One line of JSON for each file.
"""

import asyncio
import dataclasses
import datetime
import json
import logging
import sys

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge, PdfSignatureValidationSpec, RevocationInfoGatheringSpec, RevinfoOnlineFetchingRule,
    SignatureValidationSpec)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy, REQUIRE_REVINFO)
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer
from pyhanko_certvalidator.registry import SimpleTrustManager

logging.disable(logging.CRITICAL)
root = load_cert_from_pemder(sys.argv[1])
moment = datetime.datetime.fromtimestamp(int(sys.argv[2]), datetime.timezone.utc)


async def judge(name):
    with open(name, "rb") as handle:
        reader = PdfFileReader(handle, strict=False)
        if reader.encrypted:
            reader.decrypt("")
        signature = reader.embedded_regular_signatures[0]
        policy = CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build([root]),
            revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))
        spec = PdfSignatureValidationSpec(SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)))
        timing = ValidationTimingInfo(
            validation_time=moment, best_signature_time=moment, point_in_time_validation=True)
        result = await ades.ades_lta_validation(signature, spec, timing_info=timing)
        # Clause 5.5 alone, with the store as local knowledge: the long-term procedure slides the
        # control time to the very moment of a revocation and then finds the certificate revoked.
        store = DocumentSecurityStore.read_dss(reader)
        knowledge = LocalKnowledge(
            known_ocsps=[one for item in store.ocsps
                         for one in OCSPContainer.load_multi(
                             OCSPResponse.load(item.get_object().data))],
            known_crls=[CRLContainer(CertificateList.load(item.get_object().data))
                        for item in store.crls],
            known_certs=list(store.load_certs()))
        timed = await ades.ades_with_time_validation(
            signature.signed_data,
            dataclasses.replace(spec.signature_validation_spec, local_knowledge=knowledge),
            timing_info=timing, raw_digest=signature.compute_digest())
        return {"timed": timed.ades_subindic.status.name,
                "timed_sub": timed.ades_subindic.name,
                "indication": result.ades_subindic.status.name,
                "sub": result.ades_subindic.name,
                "message": str(result.failure_msg),
                "time": str(result.best_signature_time)}


for name in sys.argv[3:]:
    try:
        verdict = asyncio.run(judge(name))
    except Exception as problem:  # an oracle must answer, whatever it is fed
        verdict = {"error": repr(problem)[:400]}
    print(json.dumps(verdict))
