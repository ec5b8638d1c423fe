import { useRead } from "../../api/query";
import { useSettings } from "../../api/settings";
import type { CertificateDto, ModuleDto, TokenDto } from "../../generated/types";

export interface Device {
  modules: readonly ModuleDto[] | undefined;
  module: ModuleDto | undefined;
  tokens: readonly TokenDto[] | undefined;
  token: TokenDto | undefined;
  certificate: CertificateDto | undefined;
  error: unknown;
  searching: boolean;
  choose: (what: "module" | "token" | "certificate", id: string) => void;
  refresh: () => void;
}

/** Module, token and certificate: what was remembered if it is there, else the only one. While a
 * signing is under way (`busy`) the token is left alone. */
export function useDevice(busy: boolean): Device {
  const { read, remember } = useSettings();
  const modules = useRead("token", "token_modules", {}, { enabled: !busy });
  const usable = modules.data?.filter((module) => module.problem === null) ?? [];
  const module = pick(usable, read("sign.module"), (m) => m.id, [
    (m) => m.tokens > 0 && !m.simulator,
    (m) => m.tokens > 0,
    () => true,
  ]);
  const list = useRead(
    "token",
    "token_list",
    { module: module?.id ?? "" },
    { enabled: !busy && module !== undefined },
  );
  const token = pick(list.data ?? [], read("sign.token"), (t) => t.serial, [
    (t) => t.certificates.some((c) => c.state === "usable"),
    () => true,
  ]);
  const certificate = pick(
    token?.certificates.filter((c) => c.state === "usable") ?? [],
    read("sign.certificate"),
    (c) => c.sha256,
    [(c) => c.registered, () => true],
  );
  return {
    modules: modules.data,
    module,
    tokens: list.data,
    token,
    certificate,
    error: modules.error ?? list.error,
    searching: modules.isFetching || list.isFetching,
    choose: (what, id) => remember(`sign.${what}`, id),
    refresh: () => {
      void modules.refetch().then(() => {
        if (module !== undefined) void list.refetch();
      });
    },
  };
}

/** The remembered one; else the only one that meets the first wish that any meets. */
function pick<T>(
  items: readonly T[],
  remembered: string | undefined,
  id: (item: T) => string,
  wishes: ReadonlyArray<(item: T) => boolean>,
): T | undefined {
  const known = items.find((item) => id(item) === remembered);
  if (known !== undefined) return known;
  for (const wish of wishes) {
    const meeting = items.filter(wish);
    if (meeting.length > 0) return meeting.length === 1 ? meeting[0] : undefined;
  }
  return undefined;
}
