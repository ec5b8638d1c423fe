import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AccountDto, ImageRole } from "../../generated/types";
import { formatMm } from "../../shared/format";
import css from "./SamplePage.module.css";

/** A picture in its size on paper. */
export interface Sample {
  role: ImageRole;
  widthMm: number;
  heightMm: number;
  picture: ReactNode;
}

interface SamplePageProps {
  account: AccountDto | null;
  samples: readonly Sample[];
}

/** CSS pixels per millimetre of the sample. */
const SCALE = 3.4;
/** The part of an A4 page that is shown: its lower right, where the signer's block stands. */
const PART = { width: 108, height: 84 } as const;
/** The middle of the signer's block and of the signature above the name (Decree 30/2020, App. I). */
const BLOCK = { x: 64, signature: 42, initials: 66 } as const;

/** The end of a page in millimetres: position, signature, seal over a third of it, name. */
export function SamplePage({ account, samples }: SamplePageProps) {
  const { t, i18n } = useTranslation();
  const mm = (value: number) => value * SCALE;
  const signature = samples.find((sample) => sample.role === "signature");
  const signatureWidth = signature?.widthMm ?? 40;
  const place = (sample: Sample) => {
    switch (sample.role) {
      case "signature":
        return { x: BLOCK.x - sample.widthMm / 2, y: BLOCK.signature - sample.heightMm / 2 };
      case "seal": {
        const left = BLOCK.x - signatureWidth / 2;
        return {
          x: left + signatureWidth / 3 - sample.widthMm,
          y: BLOCK.signature - sample.heightMm / 2,
        };
      }
      case "initials":
        return { x: BLOCK.x + 20, y: BLOCK.initials - sample.heightMm };
    }
  };
  return (
    <figure className={css.figure}>
      <div
        className={css.page}
        style={{ width: mm(PART.width), height: mm(PART.height) }}
        data-testid="sample-page"
      >
        <p className={css.position} style={{ left: mm(BLOCK.x), top: mm(9) }}>
          {account?.posts[0]?.title ?? t("templates.position")}
        </p>
        {samples.map((sample) => {
          const { x, y } = place(sample);
          return (
            <div
              key={sample.role}
              className={css.picture}
              title={t("sign.placementSize", {
                w: formatMm(sample.widthMm, i18n.language),
                h: formatMm(sample.heightMm, i18n.language),
              })}
              style={{
                left: mm(x),
                top: mm(y),
                width: mm(sample.widthMm),
                height: mm(sample.heightMm),
              }}
            >
              {sample.picture}
            </div>
          );
        })}
        <p className={css.name} style={{ left: mm(BLOCK.x), top: mm(64) }}>
          {account?.full_name ?? ""}
        </p>
        <span className={css.ruler} style={{ width: mm(50) }}>
          {t("templates.ruler")}
        </span>
      </div>
      <figcaption className={css.caption}>{t("templates.sampleNote")}</figcaption>
    </figure>
  );
}
