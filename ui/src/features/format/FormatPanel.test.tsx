import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { FormatCheck, FormatFinding } from "../../generated/types";
import { fakeHost, sampleHandling, sampleOutgoing } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { useHandling } from "../handling/useHandling";
import { FormatLine } from "./FormatLine";
import { FormatPanel } from "./FormatPanel";

const finding = (page: number, part = "margin_left"): FormatFinding => ({
  part,
  aspect: "distance",
  severity: "must",
  clause: "I.3",
  page,
  place: { x: 0, y: 0.1, w: 0.1, h: 0.8 },
  measured: { unit: "mm", value: 25 },
  wanted: [{ unit: "mm", value: 30 }],
});

const done = (change: Partial<NonNullable<FormatCheck["review"]>> = {}): FormatCheck => ({
  sha256: "a",
  done: 3,
  pages: 3,
  review: { checked: true, unchecked: [], empty: [], findings: [], ...change },
});

const file = {
  id: "f",
  name: "du-thao.pdf",
  role: "main",
  media_type: "application/pdf",
  head: "a",
  size: 1,
  pages: 3,
  place: "here" as const,
  revisions: [],
};

function Desk({ onLit = () => undefined }: { onLit?: (lit: unknown) => void }) {
  const acting = useHandling("doc-1", true, "Dự thảo");
  return (
    <>
      <output>{acting.form ?? "no form"}</output>
      <FormatPanel document="doc-1" file={file} acting={acting} onLit={onLit} />
    </>
  );
}

const handling = () =>
  sampleHandling({
    state: "format_review",
    allowed: ["check_format", "return"],
    outgoing: sampleOutgoing(),
  });

it("says how far it is and asks on until it is done", async () => {
  const answers: FormatCheck[] = [
    { ...done(), done: 1, review: null },
    { ...done(), done: 2, review: null },
    done(),
  ];
  const host = fakeHost({ document_format: () => answers.shift() ?? done() });
  show(<FormatLine sha256="a" />);
  await waitFor(() =>
    expect(screen.getByTestId("format-summary")).toHaveTextContent("Đạt thể thức"),
  );
  expect(host.calls("document_format")).toHaveLength(3);
});

it("a scan is neither correct nor wrong", async () => {
  fakeHost({ document_format: () => done({ checked: false }) });
  show(<FormatLine sha256="a" />);
  expect(await screen.findByText("Không kiểm tra được")).toBeVisible();
  expect(screen.queryByText("Đạt thể thức")).toBeNull();
});

it("pages that could not be checked keep a letter from being called correct", async () => {
  fakeHost({ document_format: () => done({ unchecked: [1] }), document_handling: handling });
  show(<Desk />);
  expect(await screen.findByText(/Chưa kiểm tra được trang 2/)).toBeVisible();
  expect(screen.queryByText("Đạt thể thức")).toBeNull();
});

it("an empty page is called empty, and the letter is not called correct", async () => {
  fakeHost({ document_format: () => done({ empty: [2] }), document_handling: handling });
  show(<Desk />);
  expect(await screen.findByText(/Trang 3 trống/)).toBeVisible();
  expect(screen.queryByText(/là ảnh/)).toBeNull();
  expect(screen.queryByText("Đạt thể thức")).toBeNull();
});

it("Enter goes from place to place of a fault, and arrows to the next fault", async () => {
  const findings = [finding(0), finding(2), finding(1, "margin_right")];
  fakeHost({ document_format: () => done({ findings }), document_handling: handling });
  const onLit = vi.fn();
  show(<Desk onLit={onLit} />);
  (await screen.findByTestId("format-faults")).focus();
  const went = () => onLit.mock.lastCall?.[0].current?.at;
  await userEvent.keyboard("{Enter}");
  expect(went()).toBe(0);
  await userEvent.keyboard("{Enter}");
  expect(went()).toBe(1);
  await userEvent.keyboard("{Enter}");
  expect(went()).toBe(0);
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(went()).toBe(2);
  expect(onLit.mock.lastCall?.[0].hits[2].page).toBe(1);
});

it("the chosen faults become the reason of sending it back; none chosen is said", async () => {
  const findings = [finding(0), finding(1, "margin_right")];
  const host = fakeHost({ document_format: () => done({ findings }), document_handling: handling });
  show(<Desk />);
  await userEvent.click(await screen.findByTestId("format-back"));
  expect(screen.getByText("Chọn ít nhất một lỗi để trả lại.")).toBeVisible();
  screen.getByTestId("format-faults").focus();
  await userEvent.keyboard("{ArrowDown} ");
  await userEvent.click(screen.getByTestId("format-back"));
  expect(await screen.findByText("return")).toBeVisible();
  const kept = JSON.parse(host.settings["draft.act.doc-1.return"] ?? "{}");
  expect(kept.text).toBe("Lề phải: đo được 25 mm; đặt 30 mm (I.3, trang 2)");
});

it("who may not send it back chooses nothing", async () => {
  fakeHost({
    document_format: () => done({ findings: [finding(0)] }),
    document_handling: () => sampleHandling({ allowed: [] }),
  });
  show(<Desk />);
  expect(await screen.findByTestId("format-fault")).toBeVisible();
  expect(screen.queryByTestId("format-choose")).toBeNull();
  expect(screen.queryByTestId("format-back")).toBeNull();
});
