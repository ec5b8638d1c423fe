import { useSettings } from "../../api/settings";
import type { ActFormKind } from "./acts";

/** Acts whose words are alike share their phrases. */
export type PhraseKind = "direct" | "resolve" | "return";

export function phraseKind(act: ActFormKind): PhraseKind | null {
  switch (act) {
    case "direct":
    case "assign":
      return "direct";
    case "resolve":
      return "resolve";
    case "return":
    case "refuse":
    case "hand_over":
    case "discard":
      return "return";
    case "file":
    case "ask_extension":
    case "answer_extension":
    case "answer_recall":
    case "submit":
    case "approve":
    case "check_format":
      return null;
  }
}

/** What a document's words are: Vietnamese, whatever the screen speaks. `{…}` is filled in. */
const SEEDS: Record<PhraseKind, readonly string[]> = {
  direct: [
    "Giao {chủ trì} chủ trì, tham mưu trước ngày {hạn}.",
    "Giao {chủ trì} chủ trì, phối hợp với {phối hợp} thực hiện, báo cáo kết quả trước ngày {hạn}.",
    "Kính chuyển {chủ trì} xem xét, cho ý kiến.",
    "{chủ trì} nghiên cứu, soạn thảo văn bản trả lời trước ngày {hạn}.",
    "Chuyển {chủ trì} để biết, theo dõi.",
    "Lưu.",
  ],
  resolve: [
    "Đã báo cáo lãnh đạo; không cần văn bản trả lời.",
    "Đã thực hiện xong theo yêu cầu của văn bản.",
    "Nhận để biết, lưu tham khảo.",
  ],
  return: [
    "Không thuộc chức năng, nhiệm vụ được giao.",
    "Thiếu tài liệu kèm theo, đề nghị bổ sung.",
    "Đề nghị xem lại người chủ trì.",
  ],
};

export interface Phrase {
  id: string;
  text: string;
  used: number;
  own: boolean;
}

interface Kept {
  text: string;
  used: number;
}

function kept(text: string): Kept | null {
  try {
    return JSON.parse(text) as Kept;
  } catch {
    return null;
  }
}

/** The phrases for an act, the most used first: ours, and the person's own kept on this machine. */
export function usePhrases(kind: PhraseKind) {
  const { readAll, remember } = useSettings();
  const prefix = `phrase.${kind}.`;
  const known = new Map<string, Kept>();
  for (const [key, value] of readAll(prefix)) {
    const one = kept(value);
    if (one !== null) known.set(key.slice(prefix.length), one);
  }
  const seeds = SEEDS[kind].map((text, i): Phrase => {
    const id = `s${i}`;
    return { id, text, used: known.get(id)?.used ?? 0, own: false };
  });
  const own = [...known].flatMap(([id, { text, used }]): Phrase[] =>
    id.startsWith("o") ? [{ id, text, used, own: true }] : [],
  );
  const keep = (id: string, value: Kept) => remember(prefix + id, JSON.stringify(value));
  return {
    phrases: [...own, ...seeds].sort((a, b) => b.used - a.used),
    use: (phrase: Phrase) =>
      keep(phrase.id, { text: phrase.own ? phrase.text : "", used: phrase.used + 1 }),
    add: (text: string) => keep(`o${Date.now().toString(36)}`, { text, used: 1 }),
    remove: (phrase: Phrase) => remember(prefix + phrase.id, ""),
  };
}

/** Longest phrase of one's own, in characters. */
export const PHRASE_MAX = 500;

/** A phrase with what is known in its places; what is not chosen yet is left as `…`. */
export function filled(phrase: string, facts: Record<string, string>): string {
  return phrase.replace(/\{([^}]+)\}/g, (_, name: string) => facts[name] || "…");
}
