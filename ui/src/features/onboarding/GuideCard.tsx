import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { useSettings } from "../../api/settings";
import type { SyncStatus } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import css from "./GuideCard.module.css";
import type { Step, StepName } from "./steps";
import type { Guide } from "./useGuide";

/** Where the steps lead. */
export interface GuideWays {
  onSync: () => void;
  onToken: () => void;
  onSign: () => void;
  onScan: () => void;
  onRead: () => void;
  onPalette: () => void;
  onHelp: () => void;
}

interface GuideCardProps {
  guide: Guide;
  sync: SyncStatus;
  ways: GuideWays;
}

/** The way from the first start to the first useful act. It takes no focus of itself. */
export function GuideCard({ guide, sync, ways }: GuideCardProps) {
  const { t } = useTranslation();
  const title = useId();
  const total = guide.steps.length;
  const done = guide.steps.filter((step) => step.isDone).length;
  return (
    <section className={css.card} aria-labelledby={title} data-testid="guide">
      <div className={css.head}>
        <h2 id={title} className={css.title}>
          {t(done === total ? "onboarding.titleDone" : "onboarding.title")}
        </h2>
        <span className={css.progress} role="status">
          {t("onboarding.progress", { done, total })}
        </span>
        <Button tone="quiet" onClick={guide.hide} data-testid="guide-hide">
          {t("onboarding.hide")}
        </Button>
      </div>
      <ol className={css.steps}>
        {guide.steps.map((step) => (
          <StepLine key={step.name} step={step} sync={sync} ways={ways} />
        ))}
      </ol>
    </section>
  );
}

interface StepLineProps {
  step: Step;
  sync: SyncStatus;
  ways: GuideWays;
}

function StepLine({ step, sync, ways }: StepLineProps) {
  const { t } = useTranslation();
  const { isDone, name } = step;
  const way = useWay(name, sync, ways);
  return (
    <li
      className={cx(css.step, isDone && css.done)}
      data-testid={`guide-${name}`}
      data-done={isDone}
    >
      <span className={css.mark}>
        {isDone && <Icon name="check" />}
        <span className={css.hidden}>
          {t(isDone ? "onboarding.isDone" : "onboarding.isOpen")}:{" "}
        </span>
      </span>
      <div className={css.words}>
        <p className={css.name}>{isDone ? t(`onboarding.${name}.titleDone`) : way.title}</p>
        {!isDone && <p className={css.text}>{way.text}</p>}
        {!isDone && name === "download" && <DownloadBar waiting={sync.downloads_waiting} />}
      </div>
      {!isDone && (
        <Button onClick={way.go} data-testid={`guide-go-${name}`}>
          {way.label}
        </Button>
      )}
    </li>
  );
}

/** How far the first download is, once it is known how much there is. */
function DownloadBar({ waiting }: { waiting: number }) {
  const { t } = useTranslation();
  const most = useRef(0);
  most.current = Math.max(most.current, waiting);
  if (most.current === 0) return null;
  return (
    <progress
      className={css.bar}
      max={most.current}
      value={most.current - waiting}
      aria-label={t("onboarding.download.title")}
    />
  );
}

interface Way {
  title: string;
  text: string;
  label: string;
  go: () => void;
}

/** What a step that is still open asks for, and the one button that goes there. */
function useWay(name: StepName, sync: SyncStatus, ways: GuideWays): Way {
  const { t } = useTranslation();
  const { read } = useSettings();
  const { data: token } = useRead("token", "token_state", {});
  const said = (which: "sign" | "scan" | "read" | "token", go: () => void): Way => ({
    title: t(`onboarding.${which}.title`),
    text: t(`onboarding.${which}.text`),
    label: t(`onboarding.${which}.go`),
    go,
  });
  switch (name) {
    case "download": {
      const count = sync.downloads_waiting;
      const text =
        sync.network === "offline"
          ? t("onboarding.download.offline")
          : count > 0
            ? t("onboarding.download.text", { count })
            : t("onboarding.download.first");
      const title = t("onboarding.download.title");
      return { title, text, label: t("onboarding.download.go"), go: ways.onSync };
    }
    case "sign":
      // Before the first signature comes the token.
      return token !== undefined && token.tokens.length === 0
        ? said("token", ways.onToken)
        : said("sign", ways.onSign);
    case "scan":
      return said("scan", ways.onScan);
    case "read":
      return said("read", ways.onRead);
    case "keys": {
      const keys = { palette: keyLabel("palette"), help: keyLabel("help") };
      const isFound = read("onboarding.palette") === "1";
      return {
        title: t("onboarding.keys.title"),
        text: t("onboarding.keys.text", keys),
        label: isFound
          ? t("onboarding.keys.goHelp", { key: keys.help })
          : t("onboarding.keys.goPalette", { key: keys.palette }),
        go: isFound ? ways.onHelp : ways.onPalette,
      };
    }
  }
}
