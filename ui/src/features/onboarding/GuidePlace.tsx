import { Popover } from "@base-ui/react/popover";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../api/settings";
import type { SyncStatus } from "../../generated/types";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import { NARROW, useMedia } from "../../shared/useMedia";
import { GuideCard, type GuideWays } from "./GuideCard";
import css from "./GuideCard.module.css";
import type { Guide } from "./useGuide";

/** Lower than this the navigation has no room for the card. */
const LOW = "(max-height: 699px)";

interface GuidePlaceProps {
  guide: Guide;
  sync: SyncStatus;
  ways: GuideWays;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The guide at the foot of the navigation; where there is no room, a sign that opens it. */
export function GuidePlace({ guide, sync, ways, open, onOpenChange }: GuidePlaceProps) {
  const { t } = useTranslation();
  const { read } = useSettings();
  const narrow = useMedia(NARROW);
  const low = useMedia(LOW);
  const folded = narrow || read("nav.folded") === "1";
  const roomy = !folded && !low;
  // Where it stands anyway nothing is open that a narrower window would then lay over the list.
  useEffect(() => {
    if (roomy && open) onOpenChange(false);
  }, [roomy, open, onOpenChange]);
  if (roomy) {
    return (
      <div className={css.place}>
        <GuideCard guide={guide} sync={sync} ways={ways} />
      </div>
    );
  }
  const done = guide.steps.filter((step) => step.isDone).length;
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger
        className={cx(css.open, folded && css.folded)}
        aria-label={t("onboarding.open")}
        data-testid="guide-open"
      >
        <Icon name="check" size={20} />
        <span className={css.word}>{t("onboarding.nav")}</span>
        {!folded && `${done}/${guide.steps.length}`}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="right" align="end" sideOffset={8} collisionPadding={8}>
          <Popover.Popup className={css.popup} aria-label={t("onboarding.title")}>
            <GuideCard guide={guide} sync={sync} ways={closing(ways, () => onOpenChange(false))} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The same ways, each of which first closes what it is taken from. */
function closing(ways: GuideWays, close: () => void): GuideWays {
  const after = (go: () => void) => () => {
    close();
    go();
  };
  return {
    onSync: after(ways.onSync),
    onToken: after(ways.onToken),
    onSign: after(ways.onSign),
    onScan: after(ways.onScan),
    onRead: after(ways.onRead),
    onPalette: after(ways.onPalette),
    onHelp: after(ways.onHelp),
  };
}
