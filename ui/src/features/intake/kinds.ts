import type { Option } from "../../shared/SuggestField";

/** The kinds of Decree 30/2020 with their abbreviations (Appendix III); `CV`, `THC` and
 * `KHAC` are ours. */
const KINDS: ReadonlyArray<readonly [code: string, name: string]> = [
  ["CV", "Công văn"],
  ["QĐ", "Quyết định"],
  ["TB", "Thông báo"],
  ["KH", "Kế hoạch"],
  ["BC", "Báo cáo"],
  ["TTr", "Tờ trình"],
  ["GM", "Giấy mời"],
  ["NQ", "Nghị quyết"],
  ["CT", "Chỉ thị"],
  ["QC", "Quy chế"],
  ["QyĐ", "Quy định"],
  ["TC", "Thông cáo"],
  ["HD", "Hướng dẫn"],
  ["CTr", "Chương trình"],
  ["PA", "Phương án"],
  ["ĐA", "Đề án"],
  ["DA", "Dự án"],
  ["GUQ", "Giấy ủy quyền"],
  ["PG", "Phiếu gửi"],
  ["PC", "Phiếu chuyển"],
  ["PB", "Phiếu báo"],
  ["BB", "Biên bản"],
  ["HĐ", "Hợp đồng"],
  ["CĐ", "Công điện"],
  ["BGN", "Bản ghi nhớ"],
  ["BTT", "Bản thỏa thuận"],
  ["GGT", "Giấy giới thiệu"],
  ["GNP", "Giấy nghỉ phép"],
  ["THC", "Thư công"],
  ["KHAC", "Loại khác"],
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

/** The kinds that begin like `text`, the abbreviation first. */
export function findKinds(text: string): Option[] {
  const wanted = fold(text);
  const rank = ([code, name]: readonly [string, string]) => {
    if (fold(code) === wanted) return 0;
    if (fold(code).startsWith(wanted)) return 1;
    return fold(name).includes(wanted) ? 2 : 3;
  };
  return KINDS.filter((kind) => rank(kind) < 3)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 8)
    .map(([code, name]) => ({ id: code, text: name, note: code === "KHAC" ? "" : code }));
}
