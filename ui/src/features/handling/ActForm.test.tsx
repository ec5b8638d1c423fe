import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useSettings } from "../../api/settings";
import type { AccountDto, HandlingActDto } from "../../generated/types";
import { CommandError } from "../../platform";
import { fakeHost, samplePeople } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { todayHere } from "../intake/days";
import { ActForm } from "./ActForm";
import type { ActFormKind } from "./acts";
import { addWorkingDays } from "./days";

const HEAD: AccountDto = {
  id: 9,
  username: "truongphong",
  full_name: "Hoàng Văn K",
  posts: [
    {
      role: "head",
      title: "Trưởng phòng",
      agency: "Phòng Kinh tế",
      agency_code: "H99.101.03",
    },
  ],
};

interface Shown {
  error?: unknown;
  sent?: boolean;
  account?: AccountDto | null;
  dueAt?: number | null;
}

/** As the desk shows it: only when what is remembered is known. */
function Ready(
  props: { kind: ActFormKind; onSubmit: (act: HandlingActDto) => Promise<boolean> } & Shown,
) {
  const { ready } = useSettings();
  if (!ready) return null;
  return (
    <ActForm
      kind={props.kind}
      draftKey={`draft.act.doc-1.${props.kind}`}
      account={props.account ?? null}
      dueAt={props.dueAt ?? null}
      busy={false}
      error={props.error ?? null}
      submit="Gửi"
      onSubmit={props.onSubmit}
      onClose={() => undefined}
    />
  );
}

function form(kind: ActFormKind, shown: Shown = {}) {
  const onSubmit = vi.fn(async (_: HandlingActDto) => shown.sent ?? true);
  const view = show(<Ready kind={kind} onSubmit={onSubmit} {...shown} />);
  return { onSubmit, ...view };
}

const host = () => fakeHost({ office_people: samplePeople });

it("a direction is given by keyboard alone: who leads and supports, until when, and a phrase with both", async () => {
  host();
  const { onSubmit } = form("direct");
  const find = await screen.findByTestId("people-find");
  await waitFor(() => expect(find).toHaveFocus());
  await userEvent.keyboard("kinh te{ArrowDown}1");
  const [first] = screen.getAllByTestId("person");
  expect(first).toHaveAttribute("data-part", "lead");
  await userEvent.clear(find);
  await userEvent.keyboard("dang{Enter}2");
  expect(screen.getByTestId("people-note")).toHaveTextContent(
    "Chủ trì: Hoàng Văn E · Phối hợp: Đặng Thị H",
  );
  const due = addWorkingDays(todayHere(), 3);
  await userEvent.type(screen.getByTestId("act-due"), "+3");
  await userEvent.click(screen.getByTestId("act-text"));
  expect(screen.getByTestId("act-due")).toHaveValue(due.split("-").reverse().join("/"));
  await userEvent.keyboard("{Control>}j{/Control}{ArrowDown}{Enter}");
  const words = `Giao Hoàng Văn E chủ trì, phối hợp với Đặng Thị H thực hiện, báo cáo kết quả trước ngày ${due.split("-").reverse().join("/")}.`;
  expect(screen.getByTestId("act-text")).toHaveValue(words);
  expect(screen.getByTestId("act-text")).toHaveFocus();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
    act: "direct",
    lead: "2",
    supports: ["4"],
    informed: [],
    due,
    deadlines: [],
    text: words,
  });
});

it("each who leads or supports has a deadline of their own, by keyboard; what is not in time is said there", async () => {
  host();
  const { onSubmit } = form("direct");
  const find = await screen.findByTestId("people-find");
  await waitFor(() => expect(find).toHaveFocus());
  await userEvent.keyboard("kinh te{ArrowDown}1");
  expect(screen.queryByTestId("own-deadlines")).toBeNull();
  await userEvent.clear(find);
  await userEvent.keyboard("dang{Enter}2");
  await userEvent.type(screen.getByTestId("act-due"), "+5");
  screen.getByTestId("own-deadlines").focus();
  await userEvent.keyboard("{Enter}");
  const [lead, support] = screen.getAllByTestId("own-deadline");
  expect(lead).toHaveFocus();
  await userEvent.keyboard("+3{Enter}");
  expect(support).toHaveFocus();
  await userEvent.keyboard("mai{Control>}{Enter}{/Control}");
  expect(onSubmit).not.toHaveBeenCalled();
  expect(screen.getByTestId("field-problem")).toHaveTextContent(
    /không muộn hơn hạn chung.*ACT_FIELD/,
  );
  expect(support).toHaveAttribute("aria-invalid", "true");
  expect(lead).toHaveAttribute("aria-invalid", "false");
  await userEvent.clear(support as HTMLElement);
  await userEvent.keyboard("+2{Control>}{Enter}{/Control}");
  expect(onSubmit.mock.lastCall?.[0]).toMatchObject({
    due: addWorkingDays(todayHere(), 5),
    deadlines: [
      { account: "2", due: addWorkingDays(todayHere(), 3) },
      { account: "4", due: addWorkingDays(todayHere(), 2) },
    ],
  });
});

it("another one who leads takes the place of the first, and nobody has two parts", async () => {
  host();
  const { onSubmit } = form("direct");
  const list = await screen.findByTestId("people-list");
  list.focus();
  await userEvent.keyboard("1{ArrowDown}2{ArrowDown}3{ArrowUp}1");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ lead: "3", supports: [], informed: ["4"] }),
  );
});

it("what the core finds wrong is said at its field, with its code and what to do", async () => {
  host();
  form("direct", { error: new CommandError("ACT_FIELD", { field: "lead" }) });
  expect(await screen.findByTestId("people-note")).toHaveTextContent(
    /Chọn đúng một người chủ trì.*\(ACT_FIELD\)/,
  );
  expect(screen.getByTestId("people-list")).toHaveAttribute("aria-invalid", "true");
  await waitFor(() => expect(screen.getByTestId("people-list")).toHaveFocus());
  expect(screen.queryByTestId("error-message")).not.toBeInTheDocument();
});

it("who was overtaken is told with what is safe and what to do", async () => {
  host();
  form("return", { error: new CommandError("ACT_WRONG_STATE") });
  expect(await screen.findByTestId("error-message")).toHaveAttribute(
    "data-code",
    "ACT_WRONG_STATE",
  );
});

it("a deadline that is no day is not sent", async () => {
  host();
  const { onSubmit } = form("ask_extension");
  const due = await screen.findByTestId("act-due");
  await waitFor(() => expect(due).toHaveFocus());
  await userEvent.keyboard("tuần sau{Control>}{Enter}{/Control}");
  expect(await screen.findByTestId("field-problem")).toHaveTextContent("ACT_FIELD");
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.clear(due);
  await userEvent.type(due, "+5");
  await userEvent.type(screen.getByTestId("act-text"), "Chờ số liệu");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
    act: "ask_extension",
    due: addWorkingDays(todayHere(), 5),
    reason: "Chờ số liệu",
  });
});

it("a head assigns only people of the unit", async () => {
  host();
  form("assign", { account: HEAD });
  expect(await screen.findAllByTestId("person")).toHaveLength(2);
  expect(screen.queryByText("Đặng Thị H")).not.toBeInTheDocument();
});

it("a resolution with an answer needs the document that answers; without one it is sent as such", async () => {
  host();
  const { onSubmit } = form("resolve");
  await userEvent.type(await screen.findByTestId("act-text"), "Đã báo cáo");
  await userEvent.click(screen.getByRole("radio", { name: "Có văn bản trả lời" }));
  await userEvent.click(screen.getByTestId("act-send"));
  expect(await screen.findByText(/Chọn văn bản đi đã ký/)).toBeVisible();
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("radio", { name: "Không cần trả lời" }));
  await userEvent.click(screen.getByTestId("act-send"));
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
    act: "resolve",
    reply: null,
    text: "Đã báo cáo",
  });
});

it("only a signed document that goes out can be the answer", async () => {
  const row = { notation: "12/UBND-VX", subject: "V/v trả lời", issuer: "", files: 1 };
  fakeHost({
    office_people: samplePeople,
    documents_list: () =>
      ({
        rows: [
          { ...row, id: "draft", state: "awaiting_signature", notation: "11/UBND-VX" },
          { ...row, id: "signed", state: "signed" },
        ],
        total: 2,
        next: null,
      }) as never,
  });
  const { onSubmit } = form("resolve");
  await userEvent.click(await screen.findByRole("radio", { name: "Có văn bản trả lời" }));
  await userEvent.type(screen.getByTestId("act-reply"), "ubnd");
  const options = await screen.findAllByRole("option");
  expect(options).toHaveLength(1);
  await userEvent.keyboard("{ArrowDown}{Enter}{Control>}{Enter}{/Control}");
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ act: "resolve", reply: "signed", text: "" });
});

it("what was begun is there again after the window was closed, and gone when it was sent", async () => {
  const office = host();
  const first = form("return");
  await userEvent.type(await screen.findByTestId("act-text"), "Không thuộc chức năng");
  first.unmount();
  await waitFor(() => expect(office.settings["draft.act.doc-1.return"]).toContain("Không thuộc"));
  const { onSubmit } = form("return");
  expect(await screen.findByTestId("act-text")).toHaveValue("Không thuộc chức năng");
  await userEvent.click(screen.getByTestId("act-send"));
  expect(onSubmit).toHaveBeenCalledWith({ act: "return", reason: "Không thuộc chức năng" });
  await waitFor(() => expect(office.settings["draft.act.doc-1.return"]).toBe(""));
});

it("what was refused stays in the form and in the draft", async () => {
  const office = host();
  form("return", { sent: false });
  await userEvent.type(await screen.findByTestId("act-text"), "Nên giao người khác");
  await userEvent.click(screen.getByTestId("act-send"));
  expect(screen.getByTestId("act-text")).toHaveValue("Nên giao người khác");
  await waitFor(() => expect(office.settings["draft.act.doc-1.return"]).toContain("Nên giao"));
});

it("own phrases are kept, stand where they are used most, and are forgotten by Delete", async () => {
  const office = host();
  form("return");
  const text = await screen.findByTestId("act-text");
  await userEvent.type(text, "Chuyển nhầm đơn vị");
  await userEvent.click(screen.getByTestId("phrases-open"));
  await userEvent.click(screen.getByTestId("phrase-add"));
  expect(Object.keys(office.settings).some((key) => key.startsWith("phrase.return.o"))).toBe(true);
  await userEvent.clear(text);
  await userEvent.keyboard("{Control>}j{/Control}");
  expect(screen.getAllByTestId("phrase")[0]).toHaveTextContent("Chuyển nhầm đơn vị");
  await userEvent.keyboard("1");
  expect(text).toHaveValue("Chuyển nhầm đơn vị");
  await userEvent.keyboard("{Control>}j{/Control}{Delete}");
  await waitFor(() =>
    expect(screen.getAllByTestId("phrase")[0]).toHaveAttribute("data-own", "false"),
  );
});

it("the answer to a recall says what the sender will be told", async () => {
  host();
  const { onSubmit } = form("answer_recall");
  expect(await screen.findByText(/trạng thái 15.*16/)).toBeVisible();
  await userEvent.click(screen.getByRole("radio", { name: "Không đồng ý" }));
  await userEvent.type(screen.getByTestId("act-text"), "Đã phát hành văn bản trả lời");
  await userEvent.click(screen.getByTestId("act-send"));
  expect(onSubmit).toHaveBeenCalledWith({
    act: "answer_recall",
    agreed: false,
    reason: "Đã phát hành văn bản trả lời",
  });
});

it("agreeing to a recall is chosen by nobody but the person", async () => {
  host();
  const { onSubmit } = form("answer_recall");
  await screen.findByTestId("act-text");
  await userEvent.click(screen.getByTestId("act-send"));
  expect(await screen.findByTestId("field-problem")).toHaveTextContent("ACT_FIELD");
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("radio", { name: "Đồng ý cho lấy lại" }));
  await userEvent.click(screen.getByTestId("act-send"));
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
    act: "answer_recall",
    agreed: true,
    reason: "",
  });
});

it("a key that is held since it opened the form sends nothing", async () => {
  host();
  const { onSubmit } = form("answer_extension");
  const text = await screen.findByTestId("act-text");
  fireEvent.keyDown(text, { key: "Enter", ctrlKey: true, repeat: true });
  expect(onSubmit).not.toHaveBeenCalled();
  fireEvent.keyDown(text, { key: "Enter", ctrlKey: true });
  expect(onSubmit).toHaveBeenCalledOnce();
});

it("Enter in the deadline goes on to the words and sends nothing", async () => {
  host();
  const { onSubmit } = form("ask_extension");
  const due = await screen.findByTestId("act-due");
  await waitFor(() => expect(due).toHaveFocus());
  await userEvent.keyboard("+3{Enter}");
  expect(screen.getByTestId("act-text")).toHaveFocus();
  expect(onSubmit).not.toHaveBeenCalled();
});

it("more time is counted from the deadline that stands, which is told", async () => {
  host();
  const present = addWorkingDays(todayHere(), 10);
  const { onSubmit } = form("ask_extension", { dueAt: Date.parse(`${present}T16:59:59Z`) });
  expect(await screen.findByTestId("due-note")).toHaveTextContent(
    present.split("-").reverse().join("/"),
  );
  await userEvent.type(screen.getByTestId("act-due"), "+2");
  await userEvent.type(screen.getByTestId("act-text"), "Chờ số liệu");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
    act: "ask_extension",
    due: addWorkingDays(present, 2),
    reason: "Chờ số liệu",
  });
});

it("not granting more time needs words, of the length that holds for them", async () => {
  host();
  form("answer_extension", { error: new CommandError("ACT_FIELD", { field: "text" }) });
  expect(await screen.findByTestId("field-problem")).toHaveTextContent(/500 ký tự/);
});

it("who can be chosen could not be read: it is said, and asked anew", async () => {
  fakeHost({
    office_people: () => {
      throw new CommandError("DISK_FULL");
    },
  });
  form("direct");
  expect(await screen.findByTestId("error-message")).toHaveAttribute("data-code", "DISK_FULL");
});

it("only a head or a leader can be chosen to answer for a draft, anybody to be asked", async () => {
  host();
  const { onSubmit } = form("submit");
  const [first, second, third] = await screen.findAllByTestId("person");
  expect(first).toHaveTextContent("Hoàng Văn E");
  expect(second).toHaveTextContent("Đặng Thị H");
  expect(third).toHaveTextContent("Lê Văn C");
  screen.getByTestId("people-list").focus();
  await userEvent.keyboard("{End}1");
  expect(third).toHaveAttribute("data-part", "");
  await userEvent.keyboard("2{Home}1");
  expect(screen.getByTestId("people-note")).toHaveTextContent(
    "Duyệt: Hoàng Văn E · Xin ý kiến: Lê Văn C",
  );
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
    act: "submit",
    to: "2",
    supports: ["3"],
    text: "",
  });
});

it("who signs a draft is said at the people, by the core's word", async () => {
  host();
  form("check_format", { error: new CommandError("ACT_FIELD", { field: "signer" }) });
  expect(await screen.findByTestId("people-note")).toHaveTextContent(/lãnh đạo ký.*\(ACT_FIELD\)/);
});
