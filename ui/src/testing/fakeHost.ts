import type {
  Changed,
  DocumentDetail,
  DocumentRow,
  HandlingDto,
  OfficePersonDto,
  OutgoingDto,
  SyncStatus,
} from "../generated/types";
import type { Args, CommandName, Host, Result } from "../platform";
import { CommandError, setHost } from "../platform";

type Answers = {
  [N in CommandName]?: (args: Args<N>) => Result<N> | Promise<Result<N>>;
};

/** A host of canned answers: for what a component does with an answer, not for what the core does. */
export function fakeHost(answers: Answers) {
  const calls: Array<{ name: CommandName; args: unknown }> = [];
  const listeners = new Set<(changed: Changed) => void>();
  const settings: Record<string, string> = {};
  const all: Answers = {
    settings: () => ({ values: { ...settings } }),
    setting_set: ({ key, value }) => {
      settings[key] = value;
      return {};
    },
    ...answers,
  };
  const host: Host = {
    async call<N extends CommandName>(name: N, args: Args<N>): Promise<Result<N>> {
      calls.push({ name, args });
      const answer = all[name] as ((args: Args<N>) => Result<N> | Promise<Result<N>>) | undefined;
      if (answer === undefined) throw new CommandError("INTERNAL");
      return await answer(args);
    },
    onChanged(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    onOpenDocument: () => () => undefined,
    onOpenList: () => () => undefined,
    pageUrl: (sha256, page, widthPx) => `/page/${sha256}/${page}?w=${widthPx}`,
    imageUrl: (sha256) => `/page/signature-image/${sha256}`,
    copyUrl: (op) => `/page/copy/${op}`,
    exportUrl: (id) => `/page/export/${id}`,
    print: async () => undefined,
    chooseScans: async () => undefined,
    chooseDraftFile: async () => null,
    chooseScanFolder: async () => undefined,
    courierWrite: async () => null,
    courierCarry: async () => null,
    courierReceive: async () => null,
    dossierPackage: async () => null,
    importChooseTable: async () => false,
    importChooseFolder: async () => false,
    followDrops: () => () => undefined,
  };
  setHost(host);
  return {
    calls: (name: CommandName) => calls.filter((call) => call.name === name).map((c) => c.args),
    change: (...tags: Changed["tags"]) => {
      for (const listener of listeners) listener({ tags });
    },
    settings,
  };
}

export function sampleSync(change: Partial<SyncStatus> = {}): SyncStatus {
  return {
    network: "online",
    since: Date.UTC(2026, 10, 21, 1, 14),
    last_sync: null,
    unsent: 0,
    needs_attention: 0,
    downloads_waiting: 0,
    syncing: false,
    transfers: [],
    remaining_s: null,
    troubles: [],
    paused: false,
    paused_until: null,
    load: "calm",
    comparing: false,
    healed: 0,
    held_removals: 0,
    clock_wrong_by_ms: null,
    ...change,
  };
}

export function sampleRow(number: number, change: Partial<DocumentRow> = {}): DocumentRow {
  return {
    id: `doc-${number}`,
    notation: `${number}/UBND-VX`,
    arrival_number: number,
    kind: "Công văn",
    subject: `V/v rà soát hộ nghèo, lần ${number}`,
    issuer: "UBND tỉnh H99",
    urgency: "normal",
    state: "presented",
    unsigned_copy: false,
    arrived_at: Date.UTC(2026, 10, 20),
    issued_on: "2026-11-05",
    due_at: null,
    due_is_day: true,
    overdue: false,
    unread: false,
    role: "lead",
    files: 1,
    sent: "settled",
    ...change,
  };
}

export function sampleHandling(change: Partial<HandlingDto> = {}): HandlingDto {
  return {
    state: "presented",
    due_at: null,
    director: "Nguyễn Văn A",
    director_account: "1",
    receivers: [],
    extension: null,
    resolution: null,
    dossier: "",
    from_axis: false,
    recall: null,
    allowed: ["direct", "return"],
    may_sign: false,
    undoable: false,
    derived: [],
    ...change,
  };
}

/** What comes after the leader's signature, of a draft that is not that far. */
const NOT_YET = {
  to_replace: false,
  numbered: null,
  sealed: null,
  issued: null,
  deliveries: [],
  places: [],
  mailings: [],
  loans: [],
};

/** A draft of two versions that was submitted to its head. */
export function sampleOutgoing(change: Partial<OutgoingDto> = {}): OutgoingDto {
  return {
    drafter: "Lê Văn C",
    symbol: "QĐ-UBND",
    versions: ["", "Sửa căn cứ"].map((text, i) => ({
      number: i + 1,
      sha256: String(i + 1).repeat(64),
      by: "Lê Văn C",
      at: Date.UTC(2026, 10, 20),
      text,
    })),
    reviewer: "Hoàng Văn E",
    checker: null,
    initials: [],
    sent_back: null,
    only_here: false,
    ...NOT_YET,
    ...change,
  };
}

const PEOPLE = [
  ["2", "Hoàng Văn E", "Trưởng phòng", "head", "Phòng Kinh tế", "H99.101.03"],
  ["3", "Lê Văn C", "Chuyên viên", "official", "Phòng Kinh tế", "H99.101.03"],
  ["4", "Đặng Thị H", "Trưởng phòng", "head", "Phòng Văn hóa – Xã hội", "H99.101.04"],
] as const;

/** The office without whom looks at it. */
export function samplePeople(): OfficePersonDto[] {
  return PEOPLE.map(([account, name, position, role, unit, unit_code]) => ({
    account,
    name,
    position,
    role,
    unit,
    unit_code,
    further: [],
  }));
}

export function sampleDetail(change: Partial<DocumentDetail> = {}): DocumentDetail {
  return {
    row: sampleRow(1),
    direction: "incoming",
    signer_position: "Chủ tịch",
    signer_name: "Nguyễn Văn A",
    issuer_code: "H99.101",
    issuer_became: [],
    blocked_since: null,
    files: [],
    flow: [],
    opinions: [],
    ...change,
  };
}
