import { expect, it } from "vitest";
import { type Entry, matching } from "./entries";

const entry = (group: Entry["group"], title: string, note = ""): Entry => ({
  id: title,
  group,
  icon: "search",
  title,
  note,
  run: () => undefined,
});

const ENTRIES = [
  entry("act", "Soạn dự thảo"),
  entry("act", "Chỉ đạo, giao việc", "12/UBND-VX"),
  entry("section", "Văn bản đến"),
  entry("section", "Văn bản đi"),
  entry("section", "Sổ văn bản"),
  entry("settings", "Token và chứng thư", "Cài đặt"),
];

const titles = (text: string) => matching(ENTRIES, text).map((one) => one.title);

it("nothing typed offers everything in the order of the groups", () => {
  expect(titles("  ")).toEqual(ENTRIES.map((one) => one.title));
});

it("marks, đ and capitals need not be typed, in NFC or NFD", () => {
  expect(titles("van ban di")).toEqual(["Văn bản đi"]);
  expect(titles("VĂN BẢN ĐI".normalize("NFD"))).toEqual(["Văn bản đi"]);
  expect(titles("chi dao")).toEqual(["Chỉ đạo, giao việc"]);
});

it("every word must be there, in the name or in the note", () => {
  expect(titles("giao viec ubnd")).toEqual(["Chỉ đạo, giao việc"]);
  expect(titles("giao viec token")).toEqual([]);
  expect(titles("cai dat")).toEqual(["Token và chứng thư"]);
});

it("what begins as typed comes before what only has it, and takes its group along", () => {
  expect(titles("van")).toEqual(["Văn bản đến", "Văn bản đi", "Sổ văn bản"]);
  expect(titles("so")[0]).toBe("Soạn dự thảo");
  expect(titles("so van")[0]).toBe("Sổ văn bản");
});

it("where two are alike they keep their order", () => {
  expect(titles("van ban d")).toEqual(["Văn bản đến", "Văn bản đi", "Sổ văn bản"].slice(0, 2));
});
