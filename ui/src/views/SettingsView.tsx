import { Tabs } from "@base-ui/react/tabs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { forgetUnkept, useSettings } from "../api/settings";
import { CalendarPage } from "../features/calendar/CalendarPage";
import { LOCK_AFTER, useLockAfter } from "../features/session/useLock";
import { DENSITIES, THEMES, useAppearanceSettings } from "../features/settings/appearance";
import { SignatureTemplates } from "../features/templates/SignatureTemplates";
import { TokenPage } from "../features/token/TokenPage";
import { TrainingPage } from "../features/training/TrainingPage";
import type { AppStatus } from "../generated/types";
import { LANGUAGES } from "../i18n";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { Segmented } from "../shared/Segmented";
import css from "./Page.module.css";
import own from "./SettingsView.module.css";

export const SETTINGS_PAGES = ["general", "token", "templates", "calendar", "training"] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

interface SettingsViewProps {
  status: AppStatus;
  page: SettingsPage;
  onPage: (page: SettingsPage) => void;
}

/** What the person may choose, the token, the pictures for signatures, and practising. */
export function SettingsView({ status, page, onPage }: SettingsViewProps) {
  const { t } = useTranslation();
  return (
    <main className={css.page}>
      <Tabs.Root
        className={css.column}
        value={page}
        onValueChange={(value) => onPage(value as SettingsPage)}
      >
        <h1 className={css.title}>{t("settings.title")}</h1>
        <Tabs.List className={own.tabs} aria-label={t("settings.title")}>
          {SETTINGS_PAGES.map((id) => (
            <Tabs.Tab key={id} value={id} className={own.tab} data-testid={`settings-${id}`}>
              {t(`settings.page.${id}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="general" className={own.panel}>
          <General status={status} />
        </Tabs.Panel>
        <Tabs.Panel value="token">
          <TokenPage />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <SignatureTemplates account={status.account} />
        </Tabs.Panel>
        <Tabs.Panel value="calendar">
          <CalendarPage />
        </Tabs.Panel>
        <Tabs.Panel value="training">
          <TrainingPage />
        </Tabs.Panel>
      </Tabs.Root>
    </main>
  );
}

function General({ status }: { status: AppStatus }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const look = useAppearanceSettings();
  const locking = useLockAfter();
  const { read, remember } = useSettings();
  const logout = useMutation({
    mutationFn: () => host().call("logout", {}),
    onSuccess: () => {
      forgetUnkept();
      return client.resetQueries();
    },
  });
  const module = read("sign.module") ?? "";
  const { account } = status;
  return (
    <>
      <Group title={t("settings.appearance")}>
        <Row label={t("settings.theme")}>
          <Segmented
            label={t("settings.theme")}
            value={look.theme}
            options={THEMES.map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
            onChange={(value) => look.set("theme", value)}
          />
        </Row>
        <Row label={t("settings.language")}>
          <Segmented
            label={t("settings.language")}
            value={look.language}
            options={LANGUAGES.map((value) => ({
              value,
              label: t(`settings.languages.${value}`),
            }))}
            onChange={(value) => look.set("language", value)}
          />
        </Row>
        <Row label={t("settings.density")}>
          <Segmented
            label={t("settings.density")}
            value={look.density}
            options={DENSITIES.map((value) => ({
              value,
              label: t(`settings.densities.${value}`),
            }))}
            onChange={(value) => look.set("density", value)}
          />
        </Row>
        <Row label={t("settings.closing")}>
          <Segmented
            label={t("settings.closing")}
            value={read("window.close") === "quit" ? "quit" : "tray"}
            options={(["tray", "quit"] as const).map((value) => ({
              value,
              label: t(`settings.closings.${value}`),
            }))}
            onChange={(value) => remember("window.close", value)}
          />
          <p className={css.quiet}>{t("settings.closingHint")}</p>
        </Row>
      </Group>
      <Group title={t("settings.signing")}>
        <Row label={t("settings.module")}>
          <span className={own.value}>{module === "" ? t("settings.moduleNone") : module}</span>
          {module !== "" && (
            <Button
              tone="quiet"
              onClick={() => {
                for (const what of ["module", "token", "certificate"]) {
                  remember(`sign.${what}`, "");
                }
              }}
            >
              {t("settings.forget")}
            </Button>
          )}
        </Row>
      </Group>
      {account !== null && (
        <Group title={t("settings.account")}>
          <Row label={t("settings.name")}>{account.full_name}</Row>
          <Row label={t("settings.username")}>{account.username}</Row>
          <Row label={t("settings.posts")}>
            <ul>
              {account.posts.map((post) => (
                <li key={`${post.agency_code} ${post.title}`}>
                  {post.title}, {post.agency}
                </li>
              ))}
            </ul>
          </Row>
          <Row label={t("lock.after")}>
            <Segmented
              label={t("lock.after")}
              value={locking.after}
              options={LOCK_AFTER.map((value) => ({
                value,
                label:
                  value === "0" ? t("lock.never") : t("lock.minutes", { count: Number(value) }),
              }))}
              onChange={(value) => locking.set(value)}
            />
          </Row>
          <Row label={t("settings.logout")}>
            <div className={own.logout}>
              <Button icon="logout" onClick={() => logout.mutate()}>
                {t("settings.logout")}
              </Button>
              <p className={css.quiet}>{t("settings.logoutHint")}</p>
            </div>
          </Row>
        </Group>
      )}
      <Group title={t("settings.about")}>
        <Row label={t("settings.version")}>{status.version}</Row>
        <Row label={t("settings.province")}>{status.province}</Row>
        <Row label={t("settings.server")}>{status.server}</Row>
      </Group>
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.group} aria-label={title}>
      <h2 className={css.groupTitle}>{title}</h2>
      <div className={own.rows}>{children}</div>
    </section>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={own.row}>
      <span className={own.label}>{label}</span>
      <div className={own.control}>{children}</div>
    </div>
  );
}
