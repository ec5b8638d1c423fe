import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { BatchItem, BatchView } from "../../generated/types";
import { i18n } from "../../i18n";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { BatchPanel } from "./BatchPanel";
import { reportText, tally } from "./report";
import { useBatch } from "./useBatch";

const item = (number: number, change: Partial<BatchItem>): BatchItem => ({
  document: `doc-${number}`,
  file: `file-${number}`,
  title: `${number}/QĐ-UBND`,
  state: "SIGNED",
  code: null,
  reason: null,
  level: "B-B",
  sha256: null,
  ...change,
});

const batch: BatchView = {
  id: "batch-1",
  stage: "STOPPED",
  done: 3,
  signed: 1,
  total: 4,
  items: [
    item(1, {}),
    item(2, { state: "SKIPPED", code: "SIGN_REFUSED", reason: "CERTIFIED", level: null }),
    item(3, { state: "FAILED", code: "PDF_CORRUPT", level: null }),
    item(4, { state: "UNTOUCHED", level: null }),
  ],
  stopped_by: "TOKEN_REMOVED",
  can_resume: true,
  token: "Token của A",
  started: Date.UTC(2026, 10, 21, 2),
  finished: Date.UTC(2026, 10, 21, 2, 1),
  elapsed_ms: 1000,
  token_ms: 600,
};

function Harness() {
  return <BatchPanel control={useBatch()} onClose={() => undefined} />;
}

it("counts as signed only what is signed, and each document once", () => {
  expect(tally(batch)).toEqual({ signed: 1, notSigned: 2, untouched: 1 });
});

it("a report as text has a line for each document with its reason and code", () => {
  const text = reportText(batch, i18n.t);
  expect(text).toContain("Báo cáo ký lúc 09:00, 21/11/2026");
  expect(text).toContain("Đã ký 1/4; bỏ qua hoặc lỗi 2; chưa ký 1");
  expect(text).toContain("(TOKEN_REMOVED)");
  expect(text).toMatch(/2\. 2\/QĐ-UBND: Bỏ qua .*chứng thực.*\(SIGN_REFUSED\)/);
  expect(text).toMatch(/4\. 4\/QĐ-UBND: Chưa ký, giữ nguyên/);
});

it("a batch that stopped says what is safe and goes on with the rest when asked", async () => {
  const host = fakeHost({
    batch_view: () => ({ batch }),
    batch_resume: () => ({ ...batch, stage: "WAITING_FOR_PIN" }),
  });
  show(<Harness />);
  expect(await screen.findByText("Đã ký 1/4 văn bản")).toBeVisible();
  const message = screen.getByRole("alert");
  expect(message).toHaveTextContent("1 văn bản đã ký đã lưu trên máy");
  expect(message).toHaveTextContent("Ký tiếp");
  await userEvent.click(screen.getByRole("button", { name: /Ký tiếp 1 văn bản/ }));
  expect(host.calls("batch_resume")).toEqual([{ id: "batch-1" }]);
});

it("while it waits for the PIN it says where the PIN is typed", async () => {
  fakeHost({ batch_view: () => ({ batch: { ...batch, stage: "WAITING_FOR_PIN" } }) });
  show(<Harness />);
  expect(await screen.findByText("Chờ nhập PIN")).toBeVisible();
  expect(screen.getByText(/Nhập PIN ở đó/)).toBeVisible();
});
