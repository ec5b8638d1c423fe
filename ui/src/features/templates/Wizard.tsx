import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountDto, ImageRole, SignatureImageDto } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { useNotice } from "../../shared/Toasts";
import { useShortcut } from "../../shared/useShortcut";
import { CropFrame } from "./CropFrame";
import { keptSample } from "./keptSample";
import { PhotoSource } from "./PhotoSource";
import { PixelCanvas } from "./PixelCanvas";
import { type Sample, SamplePage } from "./SamplePage";
import { usePhoto } from "./usePhoto";
import { packed, type Result, useWizard } from "./useWizard";
import css from "./Wizard.module.css";
import { WizardChoices } from "./WizardChoices";

interface WizardProps {
  role: ImageRole;
  account: AccountDto | null;
  kept: readonly SignatureImageDto[];
  onDone: () => void;
}

/** From a photo on paper to the picture that is put into documents. */
export function Wizard({ role, account, kept, onDone }: WizardProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const source = usePhoto();
  const { photo, take } = source;
  const work = useWizard(role, photo);
  const { area, result } = work;
  const [view, setView] = useState<"picture" | "page">("picture");

  useEffect(() => {
    const paste = (event: ClipboardEvent) => take(event.clipboardData?.files[0]);
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [take]);

  const save = useMutation({
    mutationFn: async (made: Result) =>
      host().call("signature_image_put", {
        role,
        png: await packed(made),
        width_mm: made.widthMm,
        height_mm: made.heightMm,
      }),
    onSuccess: () => {
      notice(t("templates.saved"), t("templates.savedText"));
      void client.invalidateQueries({ queryKey: ["settings"] });
      onDone();
    },
  });
  const keep = () => {
    if (result !== null) save.mutate(result);
  };
  useShortcut("main", keep, result !== null && !save.isPending);
  useShortcut("back", onDone);

  const others = kept.filter((image) => image.role !== role).map(keptSample);
  const mine: Sample[] =
    result === null
      ? []
      : [
          {
            role,
            widthMm: result.widthMm,
            heightMm: result.heightMm,
            picture: <PixelCanvas pixels={result.pixels} label={t("templates.result")} />,
          },
        ];
  return (
    <section className={css.wizard} aria-label={t(`templates.make.${role}`)}>
      <header className={css.head}>
        <Button icon="chevronLeft" tone="quiet" onClick={onDone}>
          {t("templates.back")}
        </Button>
        <h2 className={css.title}>{t(`templates.make.${role}`)}</h2>
        {photo !== null && (
          <div className={css.acts}>
            <Button icon="image" onClick={source.clear}>
              {t("templates.other")}
            </Button>
            <Button
              tone="main"
              icon="save"
              disabled={result === null || save.isPending}
              onClick={keep}
              data-testid="template-save"
            >
              {t("templates.save")}
            </Button>
          </div>
        )}
      </header>
      {photo === null || area === null ? (
        <PhotoSource role={role} source={source} />
      ) : (
        <div className={css.work}>
          <div className={css.photo}>
            <CropFrame pixels={photo.pixels} area={area} onArea={work.setArea} />
          </div>
          <div className={css.side}>
            <div className={css.shown}>
              {view === "page" ? (
                <SamplePage account={account} samples={[...mine, ...others]} />
              ) : result === null ? (
                <p className={css.nothing} role="status">
                  {t(`templates.noInk.${role === "seal" ? "seal" : "pen"}`)}
                </p>
              ) : (
                <PixelCanvas
                  pixels={result.pixels}
                  label={t("templates.result")}
                  className={css.result}
                  testId="template-result"
                />
              )}
            </div>
            <WizardChoices role={role} dpi={photo.dpi} work={work} view={view} onView={setView} />
            {save.error !== null && <ErrorMessage error={save.error} />}
          </div>
        </div>
      )}
    </section>
  );
}
