import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { OutboxEntry } from "../../generated/types";
import { fakeHost, sampleSync } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { HeldRemovals } from "./HeldRemovals";
import { History } from "./History";
import { Notices } from "./Notices";
import { OutboxGroup } from "./OutboxGroup";
import { Resting } from "./Resting";
import { Traffic } from "./Traffic";
import { Transfers } from "./Transfers";

const entry: OutboxEntry = {
  id: "op-1",
  document: "doc-1",
  document_title: "12/UBND-VX",
  kind: "add_opinion",
  text: "Đồng ý.",
  at: 0,
  state: "rejected",
  problem: "FORBIDDEN",
  first: null,
  dismissed: false,
  choices: ["again", "copy_text", "open", "let_go"],
  attempts: 0,
  receipt: "7F3A",
  receipt_verified: false,
  received_at: 0,
};

it("a refused opinion offers what can be done, and is let go only after a question", async () => {
  fakeHost({});
  const [dismiss, again] = [vi.fn(), vi.fn()];
  show(
    <OutboxGroup
      title="Cần xử lý"
      entries={[entry]}
      onOpen={vi.fn()}
      onDismiss={dismiss}
      onAgain={again}
    />,
  );
  expect(screen.getByText("Đồng ý.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Gửi lại" }));
  expect(again).toHaveBeenCalledWith("op-1");
  await userEvent.click(screen.getByTestId("outbox-dismiss"));
  expect(dismiss).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByTestId("confirm-yes"));
  expect(dismiss).toHaveBeenCalledWith("op-1");
});

it("a receipt that could not be verified is not shown as proof", () => {
  fakeHost({});
  show(<OutboxGroup title="x" entries={[entry]} onOpen={vi.fn()} />);
  expect(screen.getByText(/7F3A không kiểm tra được/)).toBeVisible();
});

it("a pause, a busy server and a wrong clock are said in calm lines", () => {
  fakeHost({});
  show(
    <Notices
      sync={sampleSync({ paused: true, load: "critical", clock_wrong_by_ms: -7 * 60_000 })}
    />,
  );
  expect(screen.getByTestId("sync-notice-paused")).toHaveTextContent("tạm dừng");
  expect(screen.getByTestId("sync-notice-load")).toHaveTextContent("Máy chủ đang rất đông");
  expect(screen.getByTestId("sync-notice-clock")).toHaveTextContent("nhanh 7 phút");
});

it("a file on the move says of which document it is, how fast and how long", () => {
  fakeHost({});
  const file = { sha256: "ab", upload: true, document: "doc-1", document_title: "12/UBND-VX" };
  show(
    <Transfers
      sync={sampleSync({
        transfers: [{ ...file, done: 1024, total: 4096, rate: 2048, remaining_s: 120 }],
        troubles: [{ ...file, sha256: "cd", kind: "machine", failures: 3, given_up: true }],
      })}
    />,
  );
  expect(screen.getByText(/Gửi lên: tệp đã ký · 12\/UBND-VX/)).toBeVisible();
  expect(screen.getByText(/2 KB\/s · còn khoảng 2 phút/)).toBeVisible();
  expect(screen.getByTestId("transfer-trouble")).toHaveTextContent("TRANSFER_MACHINE");
});

it("removals in bulk stay until a person has answered a question", async () => {
  const host = fakeHost({
    removals_held: () => [{ document: "doc-1", title: "12/UBND-VX", since: 0 }],
    removals_settle: () => ({}),
  });
  show(<HeldRemovals />);
  await userEvent.click(await screen.findByTestId("held-remove"));
  expect(host.calls("removals_settle")).toEqual([]);
  await userEvent.click(await screen.findByTestId("confirm-yes"));
  expect(host.calls("removals_settle")).toEqual([{ documents: ["doc-1"], remove: true }]);
});

it("the history reads on where its first page ends", async () => {
  const line = (seq: number) => ({ seq, at: 0, code: "SENT", count: seq, detail: "" });
  const host = fakeHost({
    sync_history: ({ before }) =>
      before === null ? Array.from({ length: 50 }, (_, n) => line(100 - n)) : [line(50)],
  });
  show(<History />);
  await userEvent.click(await screen.findByTestId("history-more"));
  expect(await screen.findByText("Máy chủ đã nhận 50 việc")).toBeVisible();
  expect(host.calls("sync_history")).toEqual([{ before: null }, { before: 51 }]);
  expect(screen.queryByTestId("history-more")).toBeNull();
});

it("a waiting act offers to let its document rest, and a resting one to go on", async () => {
  const resting = [{ document: "doc-2", title: "13/UBND-VX" }];
  const host = fakeHost({ documents_resting: () => resting, document_rest: () => ({}) });
  const waiting: OutboxEntry = { ...entry, state: "waiting", problem: null, choices: [] };
  show(<OutboxGroup title="Chờ gửi" entries={[waiting]} onOpen={vi.fn()} />);
  await userEvent.click(await screen.findByTestId("rest-pause"));
  expect(host.calls("document_rest")).toEqual([{ document: "doc-1", rest: true }]);
  show(<Resting />);
  await userEvent.click(await screen.findByTestId("rest-resume"));
  expect(host.calls("document_rest")[1]).toEqual({ document: "doc-2", rest: false });
});

it("an empty limit is none, and the hours of the day keep theirs", async () => {
  const host = fakeHost({
    sync_limits: () => ({
      limit_kbps: 800,
      hours: [{ days: 31, from_min: 480, to_min: 1020, limit_kbps: 0 }],
    }),
    sync_limits_set: () => ({}),
  });
  show(<Traffic sync={sampleSync()} />);
  await userEvent.clear(await screen.findByTestId("limit-all"));
  await userEvent.click(screen.getByTestId("limit-save"));
  expect(host.calls("sync_limits_set")).toEqual([
    { limit_kbps: null, hours: [{ days: 31, from_min: 480, to_min: 1020, limit_kbps: 0 }] },
  ]);
});
