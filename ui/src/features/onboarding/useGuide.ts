import { useCallback, useEffect, useMemo } from "react";
import { useSettings } from "../../api/settings";
import type { AccountDto } from "../../generated/types";
import { type First, type Step, stepsOf } from "./steps";

const HIDDEN = "onboarding.hidden";
const keyOfFirst = (first: First) => `onboarding.${first}`;

/** Remembers for this person on this machine that something has been done once. */
export function useFirst(first: First, isDone: boolean): void {
  const { read, remember, ready } = useSettings();
  const isNew = ready && isDone && read(keyOfFirst(first)) !== "1";
  useEffect(() => {
    if (isNew) void remember(keyOfFirst(first), "1");
  }, [isNew, first, remember]);
}

/** The guide for the first day: its steps, and whether the person still wants to see it. */
export interface Guide {
  steps: Step[];
  isShown: boolean;
  hide: () => void;
  show: () => void;
}

export function useGuide(account: AccountDto | null): Guide {
  const { read, remember } = useSettings();
  const hide = useCallback(() => void remember(HIDDEN, "1"), [remember]);
  const show = useCallback(() => void remember(HIDDEN, "0"), [remember]);
  return useMemo(
    () => ({
      steps: stepsOf(account, (first) => read(keyOfFirst(first)) === "1"),
      isShown: read(HIDDEN) !== "1",
      hide,
      show,
    }),
    [account, read, hide, show],
  );
}
