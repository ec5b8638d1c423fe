import { Toast } from "@base-ui/react/toast";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./icons/Icon";
import css from "./Toasts.module.css";

/** Calm notices of success, spoken by screen readers. Failures are messages in their place. */
export function Toasts({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Toast.Provider timeout={6000} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={css.viewport} aria-label={t("app.notices")}>
          <ToastList close={t("app.close")} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList({ close }: { close: string }) {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={css.toast}>
      <Icon name="check" size={20} className={css.icon} />
      <Toast.Content className={css.content}>
        <Toast.Title className={css.title} />
        <Toast.Description className={css.text} />
      </Toast.Content>
      <Toast.Close className={css.close} aria-label={close}>
        <Icon name="close" />
      </Toast.Close>
    </Toast.Root>
  ));
}

/** Shows a notice of success. */
export function useNotice(): (title: string, description?: string) => void {
  const { add } = Toast.useToastManager();
  return (title, description) => {
    add(description === undefined ? { title } : { title, description });
  };
}

/** Takes away what was said to whoever sat here before. */
export function useNoOldNotices(): void {
  const { close } = Toast.useToastManager();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen comes up.
  useEffect(() => close(), []);
}
