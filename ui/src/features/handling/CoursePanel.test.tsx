import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { DocumentDetail, HandlingDto, OutboxEntry, ReceiverDto } from "../../generated/types";
import {
  fakeHost,
  sampleDetail,
  sampleHandling,
  sampleOutgoing,
  sampleRow,
} from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { CoursePanel } from "./CoursePanel";
import { useHandling } from "./useHandling";

const receiver = (change: Partial<ReceiverDto>): ReceiverDto => ({
  account: "2",
  name: "Hoàng Văn E",
  unit: "Phòng Kinh tế",
  role: "lead",
  holds: true,
  due_at: null,
  given_by: "Nguyễn Văn A",
  at: 0,
  ...change,
});

const entry = (change: Partial<OutboxEntry>): OutboxEntry => ({
  id: "op-1",
  document: "doc-1",
  document_title: "1/UBND-VX",
  kind: "assign",
  text: null,
  at: Date.UTC(2026, 10, 20),
  state: "waiting",
  problem: null,
  first: null,
  dismissed: false,
  choices: [],
  attempts: 0,
  receipt: null,
  receipt_verified: null,
  received_at: null,
  ...change,
});

function Harness({ detail }: { detail: DocumentDetail }) {
  const acting = useHandling(detail.row.id, true, "1/UBND-VX");
  return <CoursePanel detail={detail} acting={acting} />;
}

function course(handling: Partial<HandlingDto>, row = {}, entries: OutboxEntry[] = []) {
  const host = fakeHost({
    document_handling: () => sampleHandling(handling),
    document_act: () => sampleHandling({ ...handling, undoable: true }),
    document_act_undo: () => sampleHandling(),
    outbox_list: () => entries,
    outbox_dismiss: () => ({}),
    draft_undo: () => ({}),
  });
  const detail = sampleDetail({ row: sampleRow(1, row) });
  show(<Harness detail={detail} />);
  return host;
}

it("says in one sentence who has it, and lists everybody with part and deadline", async () => {
  course({
    state: "in_progress",
    allowed: [],
    receivers: [
      receiver({}),
      receiver({ account: "4", name: "Đặng Thị H", role: "support", holds: false }),
    ],
  });
  expect(await screen.findByTestId("course-standing")).toHaveTextContent("Hoàng Văn E đang xử lý");
  const people = screen.getByTestId("course-people");
  expect(people).toHaveTextContent(/Chủ trì.*Hoàng Văn E.*đang giữ.*Phối hợp.*Đặng Thị H/);
  expect(screen.queryByRole("toolbar", { name: "Việc có thể làm" })).not.toBeInTheDocument();
});

it("offers only what the core allows, and ignores acts that it does not know", async () => {
  course({ allowed: ["direct", "return", "fly"] });
  const acts = await screen.findByRole("toolbar", { name: "Việc có thể làm" });
  expect(acts.querySelectorAll("button")).toHaveLength(2);
});

it("takes up at once and takes it back while it is not sent", async () => {
  const host = course({ state: "directed", allowed: ["take_up"], receivers: [receiver({})] });
  await userEvent.click(await screen.findByTestId("course-act-take_up"));
  expect(host.calls("document_act")).toEqual([{ document: "doc-1", act: { act: "take_up" } }]);
  expect(await screen.findByText("Nhận xử lý: đã lưu trên máy")).toBeVisible();
});

it("an act that waits and one that was refused are told apart, with who was first", async () => {
  const host = course({ allowed: [] }, { sent: "needs_attention" }, [
    entry({}),
    entry({
      id: "op-2",
      state: "conflict",
      problem: "WRONG_STATE",
      text: "Nguyễn Văn A: Chuyển xử lý: Đặng Thị H",
    }),
    entry({ id: "op-3", document: "doc-2" }),
    entry({ id: "op-4", kind: "add_opinion" }),
    entry({ id: "op-5", state: "received" }),
  ]);
  const own = await screen.findAllByTestId("own-act");
  expect(own).toHaveLength(2);
  expect(own[0]).toHaveTextContent("Đã lưu trên máy, chờ gửi");
  expect(own[1]).toHaveTextContent(/Máy chủ từ chối.*WRONG_STATE.*Trước đó: Nguyễn Văn A/);
  await userEvent.click(screen.getByTestId("own-act-seen"));
  expect(host.calls("outbox_dismiss")).toEqual([{ id: "op-2" }]);
});

it("what the sender and who has it ask for stands above everything else", async () => {
  course({
    recall: "Gửi nhầm",
    extension: {
      due_at: Date.UTC(2026, 11, 20),
      reason: "Chờ số liệu",
      asked_by: "Lê Văn C",
      at: 0,
    },
  });
  expect(await screen.findByTestId("course-recall")).toHaveTextContent("Gửi nhầm");
  expect(screen.getByTestId("course-extension")).toHaveTextContent(
    "Lê Văn C xin gia hạn đến 20/12/2026: Chờ số liệu",
  );
});

it("of a draft it says whose turn it is, who has to do with it and what each version changed", async () => {
  course({ state: "content_review", director: null, allowed: [], outgoing: sampleOutgoing() });
  expect(await screen.findByTestId("course-standing")).toHaveTextContent(
    "Chờ Hoàng Văn E duyệt nội dung",
  );
  const people = screen.getByTestId("draft-people");
  expect(people).toHaveTextContent(/Soạn thảo.*Lê Văn C.*QĐ-UBND.*Duyệt nội dung.*Hoàng Văn E/);
  expect(people.querySelectorAll('[data-turn="true"]')).toHaveLength(1);
  const versions = screen.getByTestId("draft-versions");
  expect(versions).toHaveTextContent(/Bản 2.*Sửa căn cứ.*Bản 1/);
  expect(screen.queryByTestId("draft-drop")).not.toBeInTheDocument();
});

it("a draft that came back says by whom and why until it is submitted anew", async () => {
  const sent_back = { by: "Nguyễn Văn A", reason: "Thiếu căn cứ", at: 0 };
  course({ state: "draft", allowed: ["submit"], outgoing: sampleOutgoing({ sent_back }) });
  expect(await screen.findByTestId("draft-sent-back")).toHaveTextContent(
    /Nguyễn Văn A trả lại.*Thiếu căn cứ/,
  );
});

it("a draft that was never sent is dropped only after a question", async () => {
  const host = course({
    state: "draft",
    allowed: ["submit", "discard"],
    outgoing: sampleOutgoing({ only_here: true }),
  });
  await userEvent.click(await screen.findByTestId("draft-drop"));
  expect(host.calls("draft_undo")).toEqual([]);
  await userEvent.click(screen.getByTestId("confirm-yes"));
  expect(host.calls("draft_undo")).toEqual([{ id: "doc-1" }]);
});
