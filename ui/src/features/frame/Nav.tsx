import { Tooltip } from "@base-ui/react/tooltip";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { useSettings } from "../../api/settings";
import type { SyncStatus } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { cx } from "../../shared/cx";
import tip from "../../shared/IconButton.module.css";
import { Icon } from "../../shared/icons/Icon";
import { NARROW, useMedia } from "../../shared/useMedia";
import css from "./Nav.module.css";
import { SECTION_ICONS, SECTIONS, type Section } from "./sections";

interface NavProps {
  section: Section;
  onGo: (section: Section) => void;
  sync: SyncStatus;
  /** The guide of the first day, while it is wanted. */
  guide: ReactNode;
  onHelp: () => void;
}

/** The sections. Folds to signs where the window is narrow or the user wants the room. */
export const Nav = memo(function Nav({ section, onGo, sync, guide, onHelp }: NavProps) {
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const narrow = useMedia(NARROW);
  const { data: counts } = useRead("documents", "view_counts", {});
  const { data: due } = useRead("documents", "dossiers_due", {});
  const { data: tasks } = useRead("documents", "task_counts", {});
  // The letters themselves are read by the section; here only how many wait.
  const { data: scans } = useRead("intake", "intake_list", { states: [], offset: 0, limit: 1 });
  const folded = narrow || read("nav.folded") === "1";
  const waiting: Record<Section, number> = {
    incoming: counts?.incoming_pending ?? 0,
    outgoing: (counts?.outgoing_check ?? 0) + (counts?.outgoing_issue ?? 0),
    to_sign: counts?.to_sign ?? 0,
    scan: (scans?.counts.ready ?? 0) + (scans?.counts.confirmed ?? 0) + (scans?.stacks.length ?? 0),
    book: 0,
    search: 0,
    statistics: 0,
    dossiers: due?.length ?? 0,
    tasks: (tasks?.to_do ?? 0) + (tasks?.to_answer ?? 0),
    sync: sync.needs_attention,
    settings: 0,
  };
  return (
    <nav className={cx(css.nav, folded && css.folded)} aria-label={t("nav.label")}>
      <ul className={css.sections}>
        {SECTIONS.map((id) => (
          <li key={id} className={id === "sync" ? css.apart : undefined}>
            <Tooltip.Root disabled={!folded}>
              <Tooltip.Trigger
                render={<button type="button" />}
                className={cx(css.item, id === section && css.current)}
                aria-current={id === section ? "page" : undefined}
                aria-label={
                  waiting[id] > 0
                    ? `${t(`nav.${id}`)}, ${t("nav.waiting", { count: waiting[id] })}`
                    : t(`nav.${id}`)
                }
                data-testid={`nav-${id}`}
                onClick={() => onGo(id)}
              >
                <Icon name={SECTION_ICONS[id]} size={20} />
                <span className={css.word}>{t(`nav.${id}`)}</span>
                {waiting[id] > 0 && (
                  <span className={cx(css.count, id === "sync" && css.attention)}>
                    {waiting[id]}
                  </span>
                )}
              </Tooltip.Trigger>
              <Tooltip.Portal>
                <Tooltip.Positioner side="right" sideOffset={8}>
                  <Tooltip.Popup className={tip.tip} aria-hidden="true">
                    {t(`nav.${id}`)}
                    <kbd>{keyLabel(`section.${id}`)}</kbd>
                  </Tooltip.Popup>
                </Tooltip.Positioner>
              </Tooltip.Portal>
            </Tooltip.Root>
          </li>
        ))}
      </ul>
      <div className={css.foot}>
        {guide}
        <button
          type="button"
          className={css.item}
          onClick={onHelp}
          aria-label={t("help.title")}
          data-testid="help-open"
        >
          <Icon name="keyboard" size={20} />
          <span className={css.word}>{t("help.title")}</span>
          <kbd className={css.key}>{keyLabel("help")}</kbd>
        </button>
        {!narrow && (
          <button
            type="button"
            className={css.item}
            aria-label={folded ? t("nav.unfold") : t("nav.fold")}
            onClick={() => remember("nav.folded", folded ? "0" : "1")}
          >
            <Icon name="nav" size={20} />
            <span className={css.word}>{t("nav.fold")}</span>
          </button>
        )}
      </div>
    </nav>
  );
});
