import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { HandlingDto, RelatedDto } from "../../generated/types";
import { sampleHandling } from "../../testing/fakeHost";
import { type Making, MakingContext } from "./making";
import { Amended, Related } from "./Related";

function related(change: Partial<RelatedDto>): RelatedDto {
  return {
    relation: "true_copy",
    document: null,
    title: "12/QĐ-UBND",
    issued_on: "2026-11-05",
    pages: [],
    left_out: "",
    ...change,
  };
}

function show(handling: HandlingDto) {
  const making: Making = { copy: vi.fn(), amend: vi.fn(), open: vi.fn() };
  render(
    <MakingContext value={making}>
      <Amended handling={handling} />
      <Related handling={handling} />
    </MakingContext>,
  );
  return making;
}

test("what was replaced says by what, above all else, with the way to it", async () => {
  const by = related({ relation: "replacement", document: "doc-9", title: "15/QĐ-UBND" });
  const making = show(sampleHandling({ derived: [by] }));
  const banner = screen.getByTestId("amended");
  expect(banner).toHaveTextContent("Đã được thay thế bởi 15/QĐ-UBND (05/11/2026)");
  const [first] = screen.getAllByRole("button", { name: "Mở 15/QĐ-UBND" });
  if (first === undefined) throw new Error("no way to it");
  await userEvent.click(first);
  expect(making.open).toHaveBeenCalledWith("doc-9");
});

test("a copy amends nothing, says what it is of, and names no number before the server gave it", () => {
  const part: Partial<RelatedDto> = {
    relation: "extract",
    pages: [1, 3, 4],
    left_out: "Phụ lục I",
  };
  show(sampleHandling({ origin: related(part), derived: [related({ title: "" })] }));
  expect(screen.queryByTestId("amended")).toBeNull();
  const lines = screen.getByTestId("related");
  expect(lines).toHaveTextContent("Trích sao 12/QĐ-UBND (05/11/2026)");
  expect(lines).toHaveTextContent("Trang 1, 3-4; không trích: Phụ lục I");
  expect(lines).toHaveTextContent("Bản sao y, chờ cấp số");
  expect(screen.queryByRole("button")).toBeNull();
});
