"""Judges the first signature of PDFs as pyHanko does, with evidence at hand and no network.

usage: judge_with.py ROOT.pem SUB.pem UNIX_TIME CRL,CRL... FILE...
One line of JSON for each file: the basic verdict of EN 319 102-1 (5.3), or that with the signature's
time (5.5) where the file has a store. Not that for the long term (5.6): it slides the control time
back to an expiry or a revocation and then finds that very moment unproven, whatever time stamp the
signature has.
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
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge, RevinfoOnlineFetchingRule, RevocationInfoGatheringSpec,
    SignatureValidationSpec)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

logging.disable(logging.CRITICAL)
root, sub = (load_cert_from_pemder(name) for name in sys.argv[1:3])
moment = datetime.datetime.fromtimestamp(int(sys.argv[3]), datetime.timezone.utc)
lists = [CRLContainer(CertificateList.load(open(name, "rb").read()))
         for name in sys.argv[4].split(",") if name]


async def judge(name):
    with open(name, "rb") as handle:
        reader = PdfFileReader(handle, strict=False)
        signature = reader.embedded_regular_signatures[0]
        try:
            store = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            store = None
        ocsps, crls, certs = [], list(lists), [sub]
        if store:
            ocsps = [one for item in store.ocsps
                     for one in OCSPContainer.load_multi(OCSPResponse.load(item.get_object().data))]
            crls += [CRLContainer(CertificateList.load(item.get_object().data))
                     for item in store.crls]
            certs += list(store.load_certs())
        spec = SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build([root]),
                revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=LocalKnowledge(
                known_ocsps=ocsps, known_crls=crls, known_certs=certs))
        timing = ValidationTimingInfo(
            validation_time=moment, best_signature_time=moment, point_in_time_validation=True)
        # The procedure of 5.5 asks for a time stamp inside the signature.
        procedure = ades.ades_with_time_validation if store else ades.ades_basic_validation
        timed = await procedure(
            signature.signed_data, spec, timing_info=timing,
            raw_digest=signature.compute_digest())
        return {"indication": timed.ades_subindic.status.name,
                "sub": timed.ades_subindic.name}


for name in sys.argv[5:]:
    try:
        verdict = asyncio.run(judge(name))
    except Exception as problem:  # an oracle must answer, whatever it is fed
        verdict = {"error": repr(problem)[:400]}
    print(json.dumps(verdict))
