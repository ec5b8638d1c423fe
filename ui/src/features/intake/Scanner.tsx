import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ScanJob, ScannerDto, ScanSources } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import box from "../../shared/SuggestField.module.css";
import css from "./Sources.module.css";

/** What the decree asks for and a feeder does well. */
const RESOLUTION = 300;

interface ScannerProps {
  scanner: ScannerDto;
  job: ScanJob | null;
  onKept: (sources: ScanSources) => void;
}

/** A scanner: how to scan, the scan, and the pages that are safe here while it goes on. */
export function Scanner({ scanner, job, onKept }: ScannerProps) {
  const { t } = useTranslation();
  const id = useId();
  const client = useQueryClient();
  const [duplex, setDuplex] = useState(scanner.duplex);
  const [feeder, setFeeder] = useState(scanner.feeder);
  const [resolution, setResolution] = useState(
    scanner.resolutions.find((each) => each === RESOLUTION) ??
      scanner.resolutions.find((each) => each >= 200) ??
      scanner.resolutions.at(-1) ??
      RESOLUTION,
  );
  const settled = () => client.invalidateQueries({ queryKey: ["intake"] });
  const start = useMutation({
    mutationFn: () =>
      host().call("scan_start", {
        scanner: scanner.id,
        feeder,
        duplex: feeder && duplex,
        resolution,
      }),
    onSettled: settled,
  });
  const cancel = useMutation({
    mutationFn: () => host().call("scan_cancel", {}),
    onSettled: settled,
  });
  const forget = useMutation({
    mutationFn: () => host().call("scanner_forget", { address: scanner.id }),
    onSuccess: onKept,
  });
  const mine = job?.scanner === scanner.id ? job : null;
  const working = mine !== null && mine.code === null;
  return (
    <div className={css.scanner} data-testid="scanner" data-id={scanner.id}>
      <p className={css.fact}>
        <Icon name={scanner.code === null ? "check" : "warning"} />
        <b>{scanner.name}</b>
      </p>
      {scanner.code !== null && <ErrorMessage error={new CommandError(scanner.code)} />}
      {start.error !== null && <ErrorMessage error={start.error} />}
      {mine !== null && mine.code !== null && (
        <ErrorMessage
          error={new CommandError(mine.code)}
          safe={t("sources.pagesSafe", { count: mine.pages })}
        />
      )}
      {working ? (
        <div className={css.line} role="status">
          <p className={css.grow}>{t("sources.scanning", { count: mine.pages })}</p>
          <Button icon="stop" onClick={() => cancel.mutate()} data-testid="scan-cancel">
            {t("sources.stop")}
          </Button>
        </div>
      ) : (
        <div className={css.line}>
          {scanner.feeder && scanner.plate && (
            <select
              aria-label={t("sources.from")}
              className={box.input}
              value={feeder ? "feeder" : "plate"}
              onChange={(event) => setFeeder(event.target.value === "feeder")}
            >
              <option value="feeder">{t("sources.feeder")}</option>
              <option value="plate">{t("sources.plate")}</option>
            </select>
          )}
          <select
            aria-label={t("sources.resolution")}
            className={box.input}
            value={resolution}
            onChange={(event) => setResolution(Number(event.target.value))}
          >
            {scanner.resolutions.map((each) => (
              <option key={each} value={each}>
                {t("sources.dpi", { count: each })}
              </option>
            ))}
          </select>
          {scanner.duplex && feeder && (
            <label className={css.check} htmlFor={id}>
              <input
                id={id}
                type="checkbox"
                checked={duplex}
                onChange={(event) => setDuplex(event.target.checked)}
              />
              {t("sources.duplex")}
            </label>
          )}
          <Button
            icon="scan"
            disabled={scanner.code !== null || start.isPending}
            onClick={() => start.mutate()}
            data-testid="scan-start"
          >
            {t("sources.scan")}
          </Button>
          <Button tone="quiet" onClick={() => forget.mutate()}>
            {t("sources.forget")}
          </Button>
        </div>
      )}
    </div>
  );
}
