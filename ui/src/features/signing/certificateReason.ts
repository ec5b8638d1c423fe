import type { TFunction } from "i18next";
import type { CertificateDto } from "../../generated/types";
import { formatDate } from "../../shared/format";

/** Why a certificate cannot sign, in words; none when it can. */
export function certificateReason(certificate: CertificateDto, t: TFunction): string | undefined {
  if (certificate.state === "usable") return undefined;
  const date = formatDate(
    certificate.state === "expired" ? certificate.not_after : certificate.not_before,
  );
  return t(`sign.certState.${certificate.state}`, { date });
}
