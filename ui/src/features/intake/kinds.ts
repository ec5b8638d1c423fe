import type { Option } from "../../shared/SuggestField";

/** The kinds of Decree 30/2020 with their abbreviations (Appendix III) and their words in the
 * protocol; `CV`, `THC` and `KHAC` are ours. */
const KINDS: ReadonlyArray<readonly [code: string, name: string, word: string]> = [
  ["CV", "Công văn", "official_letter"],
  ["QĐ", "Quyết định", "decision"],
  ["TB", "Thông báo", "announcement"],
  ["KH", "Kế hoạch", "plan"],
  ["BC", "Báo cáo", "report"],
  ["TTr", "Tờ trình", "submission"],
  ["GM", "Giấy mời", "invitation"],
  ["NQ", "Nghị quyết", "resolution"],
  ["CT", "Chỉ thị", "directive"],
  ["QC", "Quy chế", "regulation"],
  ["QyĐ", "Quy định", "rule"],
  ["TC", "Thông cáo", "communique"],
  ["HD", "Hướng dẫn", "guidance"],
  ["CTr", "Chương trình", "programme"],
  ["PA", "Phương án", "alternative"],
  ["ĐA", "Đề án", "scheme"],
  ["DA", "Dự án", "project"],
  ["GUQ", "Giấy ủy quyền", "power_of_attorney"],
  ["PG", "Phiếu gửi", "sending_note"],
  ["PC", "Phiếu chuyển", "transfer_note"],
  ["PB", "Phiếu báo", "notice_note"],
  ["BB", "Biên bản", "minutes"],
  ["HĐ", "Hợp đồng", "contract"],
  ["CĐ", "Công điện", "telegram"],
  ["BGN", "Bản ghi nhớ", "memorandum"],
  ["BTT", "Bản thỏa thuận", "agreement"],
  ["GGT", "Giấy giới thiệu", "introduction"],
  ["GNP", "Giấy nghỉ phép", "leave_permit"],
  ["THC", "Thư công", "public_letter"],
  ["KHAC", "Loại khác", "other"],
];

/** Without marks and capitals, as somebody types who is in a hurry. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
}

/** The name of a kind; the code itself where it is of a newer version. */
export function kindName(code: string): string {
  return KINDS.find(([known]) => known === code)?.[1] ?? code;
}

/** The kind that somebody means by `text`: its name or its abbreviation, with or without marks. */
export function kindCode(text: string): string | null {
  const wanted = fold(text);
  if (wanted === "") return "";
  const exact = KINDS.find(([code, name]) => code === text || name === text);
  const alike =
    exact ?? KINDS.find(([code, name]) => fold(name) === wanted || fold(code) === wanted);
  return alike?.[0] ?? null;
}

/** The protocol's word of the kind that somebody means by `text`; empty where there is none. */
export function kindWord(text: string): string {
  const code = kindCode(text);
  return KINDS.find(([known]) => known === code)?.[2] ?? "";
}

/** The name of a kind by the protocol's word; the word itself where it is of a newer version. */
export function wordName(word: string): string {
  return KINDS.find(([, , known]) => known === word)?.[1] ?? word;
}

/** The kinds that begin like `text`, the abbreviation first. */
export function findKinds(text: string): Option[] {
  const wanted = fold(text);
  const rank = ([code, name]: (typeof KINDS)[number]) => {
    if (fold(code) === wanted) return 0;
    if (fold(code).startsWith(wanted)) return 1;
    return fold(name).includes(wanted) ? 2 : 3;
  };
  return KINDS.filter((kind) => rank(kind) < 3)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 8)
    .map(([code, name]) => ({ id: code, text: name, note: code === "KHAC" ? "" : code }));
}
