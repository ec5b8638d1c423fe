import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type {
  AgencyDto,
  DeliveryDto,
  HandlingDto,
  OutgoingDto,
  RecipientGroupDto,
} from "../../generated/types";
import { CommandError } from "../../platform";
import { fakeHost, sampleDetail, sampleHandling, sampleOutgoing } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { ActPanel } from "../handling/ActPanel";
import { allowedActs, type FormKind, mainAct, signsAs } from "../handling/acts";
import { CoursePanel } from "../handling/CoursePanel";
import { useHandling } from "../handling/useHandling";

const NEAR = { code: "H99.102", name: "UBND phường An Phú Tây" };
const HOME = { code: "H99.11", name: "Sở Nội vụ" };
const DONE = { by: "Trần Thị B", at: Date.UTC(2026, 10, 23) };
const NUMBERED = { ...DONE, notation: "01/QĐ-UBND", issued_on: "2026-11-23" };

function delivery(at: typeof NEAR, codes: string[], may_recall = true): DeliveryDto {
  const statuses = codes.map((code) => ({ code, at: DONE.at, reason: "" }));
  return { ...at, statuses, may_recall };
}

function signed(out: Partial<OutgoingDto>, change: Partial<HandlingDto> = {}): HandlingDto {
  return sampleHandling({
    state: "signed",
    allowed: ["return"],
    outgoing: sampleOutgoing(out),
    ...change,
  });
}

function agency(code: string | null, name: string): AgencyDto {
  return {
    code,
    name,
    symbol: null,
    parent: null,
    valid_from: null,
    valid_to: null,
    successors: [],
    is_valid: true,
  };
}

function Harness({ kind }: { kind: FormKind }) {
  const detail = sampleDetail({ direction: "outgoing" });
  const acting = useHandling(detail.row.id, true, "01/QĐ-UBND");
  return (
    <>
      <button type="button" onClick={() => acting.start(kind)}>
        open
      </button>
      <CoursePanel detail={detail} acting={acting} />
      {acting.form !== null && (
        <ActPanel detail={detail} kind={acting.form} acting={acting} account={null} />
      )}
    </>
  );
}

/** The course of a document with the form of an act beside it. */
async function form(kind: FormKind, handling: HandlingDto, refused?: CommandError) {
  let groups: RecipientGroupDto[] = [];
  const host = fakeHost({
    document_handling: () => handling,
    document_act: () => {
      if (refused !== undefined) throw refused;
      return handling;
    },
    agencies_find: ({ text }) =>
      [agency(NEAR.code, NEAR.name), agency(HOME.code, HOME.name), agency(null, "Báo H99")].filter(
        ({ name }) => name.includes(text),
      ),
    recipient_groups: () => groups,
    recipient_group_put: ({ id, name, members }) => {
      if (groups.some((group) => group.name === name && group.id !== id)) {
        throw new CommandError("GROUP_TAKEN");
      }
      const kept = { id: id ?? String(groups.length + 1), name, members };
      groups = [...groups.filter((group) => group.id !== kept.id), kept];
      return groups;
    },
    recipient_group_remove: ({ id }) => {
      groups = groups.filter((group) => group.id !== id);
      return groups;
    },
  });
  show(<Harness kind={kind} />);
  await screen.findByTestId("course-standing");
  await userEvent.click(screen.getByText("open"));
  return host;
}

async function choose(name: string) {
  await userEvent.type(screen.getByTestId("issue-find"), name);
  await userEvent.click(await screen.findByRole("option", { name: new RegExp(name) }));
}

it.each([
  [{ numbered: null }, "Đã ký, chờ văn thư cấp số và ngày"],
  [{ numbered: { ...NUMBERED, notation: null, issued_on: null } }, "Chờ cấp số"],
  [{ numbered: NUMBERED }, "Đã có số, chờ ký số cơ quan"],
  [{ numbered: NUMBERED, sealed: DONE }, "Đã ký số cơ quan, chờ phát hành"],
])("after the leader's signature the next step is said (%#)", async (out, words) => {
  await form("return", signed(out));
  expect(screen.getByTestId("course-standing")).toHaveTextContent(words);
  const number = within(screen.getByTestId("issuing-steps")).getByText("Số, ngày").parentElement;
  // No number is shown that the server has not given.
  const given = out.numbered?.notation ?? null;
  expect(number).toHaveAttribute("data-done", String(given !== null));
});

it("whose signature is asked for is the core's word: the leader's, or the agency's by the clerk", () => {
  expect(signsAs(undefined)).toBeNull();
  expect(signsAs(sampleHandling({ state: "awaiting_signature", may_sign: true }))).toBe("leader");
  expect(signsAs(sampleHandling({ state: "awaiting_signature" }))).toBeNull();
  expect(signsAs(signed({ numbered: NUMBERED }, { allowed: ["return", "seal"] }))).toBe("agency");
});

it("what was signed and sent back is replaced before it is submitted again", async () => {
  const handling = signed(
    { to_replace: true },
    { state: "draft", allowed: ["revise", "submit", "discard"] },
  );
  expect(mainAct(handling)).toBe("revise");
  expect(allowedActs(handling)).not.toContain("submit");
  await form("discard", handling);
  expect(screen.getByTestId("to-replace")).toHaveTextContent("Thêm bản mới thay bản đã ký");
});

it("sending a numbered document back says that its number becomes void", async () => {
  await form("return", signed({ numbered: NUMBERED }));
  expect(await screen.findByTestId("act-panel")).toHaveTextContent("Số đã cấp bị hủy");
});

it("recipients are chosen from the directory, each once, with lines for the rest", async () => {
  const host = await form("issue", signed({ numbered: NUMBERED, sealed: DONE }));
  await choose(NEAR.name);
  await choose(HOME.name);
  await choose(NEAR.name);
  expect(screen.getAllByTestId("issue-recipient")).toHaveLength(2);
  const panel = screen.getByTestId("act-form-issue");
  expect(panel).toHaveTextContent(`${NEAR.name} đã có trong danh sách nơi nhận`);
  // Without a code nothing can be sent there.
  await choose("Báo H99");
  expect(screen.getAllByTestId("issue-recipient")).toHaveLength(2);
  expect(panel).toHaveTextContent("“Báo H99” chưa được chọn từ danh bạ");
  await userEvent.click(screen.getByRole("button", { name: `Bỏ ${HOME.name}` }));
  await userEvent.type(screen.getByTestId("issue-places"), "- Như Điều 3;");
  // What is typed and not chosen is not sent past anybody's eye.
  await userEvent.type(screen.getByTestId("issue-find"), "Sở");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(host.calls("document_act")).toEqual([]);
  await userEvent.clear(screen.getByTestId("issue-find"));
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() =>
    expect(host.calls("document_act")).toEqual([
      { document: "doc-1", act: { act: "issue", to: [NEAR], places: ["Như Điều 3"] } },
    ]),
  );
});

it("nobody to send it to is said at the field", async () => {
  const refused = new CommandError("ACT_FIELD", { field: "to" });
  await form("issue", signed({ numbered: NUMBERED, sealed: DONE }), refused);
  await userEvent.click(await screen.findByTestId("act-send"));
  await waitFor(() => expect(screen.getByTestId("issue-find")).toBeInvalid());
  expect(screen.getByTestId("act-form-issue")).toHaveTextContent("ACT_FIELD");
});

it("a group is kept, renamed, taken without doubling anybody, and forgotten after a question", async () => {
  const host = await form("issue", signed({ numbered: NUMBERED, sealed: DONE }));
  await choose(NEAR.name);
  await userEvent.click(screen.getByTestId("group-new"));
  await userEvent.type(screen.getByTestId("group-name"), "Các xã{Enter}");
  await userEvent.click(await screen.findByTestId("group-new"));
  await userEvent.type(screen.getByTestId("group-name"), "Các xã{Enter}");
  expect(await screen.findByText(/GROUP_TAKEN/)).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByTestId("group-rename"));
  const name = screen.getByTestId("group-name");
  await userEvent.clear(name);
  await userEvent.type(name, "Xã, phường{Enter}");
  expect(await screen.findByTestId("group")).toHaveAttribute("data-name", "Xã, phường");
  expect(host.calls("recipient_group_put").at(-1)).toEqual({
    id: "1",
    name: "Xã, phường",
    members: [NEAR],
  });
  await userEvent.click(screen.getByTestId("issue-remove"));
  await userEvent.click(screen.getByTestId("group-take"));
  expect(screen.getAllByTestId("issue-recipient")).toHaveLength(1);
  await userEvent.click(screen.getByTestId("group-forget"));
  await userEvent.click(await screen.findByTestId("confirm-yes"));
  await waitFor(() => expect(screen.queryByTestId("group")).not.toBeInTheDocument());
});

const ISSUED = {
  numbered: NUMBERED,
  sealed: DONE,
  issued: DONE,
  places: ["Lưu: VT"],
  deliveries: [delivery(NEAR, ["01", "03"]), delivery(HOME, []), delivery(HOME, ["02"], false)].map(
    (one, i) => ({ ...one, code: `${one.code}${i}` }),
  ),
};

it("of each recipient the latest status stands out, with all before it, times and reasons", async () => {
  const [first, ...rest] = ISSUED.deliveries;
  const asked = {
    ...first,
    code: "H99.102",
    name: NEAR.name,
    may_recall: false,
    statuses: [
      ...(first?.statuses ?? []),
      { code: "13", at: DONE.at, reason: "Có sai sót" },
      { code: "99", at: DONE.at, reason: "" },
    ],
  };
  await form("file", signed({ ...ISSUED, deliveries: [asked, ...rest] }, { state: "issued" }));
  const all = screen.getAllByTestId("delivery");
  expect(all.map((one) => one.getAttribute("data-status"))).toEqual(["99", "", "02"]);
  expect(all[0]).toHaveTextContent(/Đã đến \(01\).*Đã tiếp nhận \(03\).*Lý do: Có sai sót.*99/);
  expect(all[1]).toHaveTextContent("Chưa phản hồi");
  expect(all[2]).toHaveTextContent("Từ chối tiếp nhận");
  expect(screen.getByTestId("delivery-places")).toHaveTextContent("Lưu: VT");
});

it("it is asked back from those who are chosen and can be asked, and from nobody by mistake", async () => {
  const issued = signed(ISSUED, { state: "issued", allowed: ["file", "recall"] });
  const host = await form("recall", issued);
  expect(await screen.findAllByTestId("recall-choice")).toHaveLength(2);
  await userEvent.type(screen.getByTestId("act-text"), "Có sai sót");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByTestId("field-problem")).toHaveTextContent("ACT_FIELD");
  expect(host.calls("document_act")).toEqual([]);
  await userEvent.click(screen.getAllByRole("checkbox")[0] as HTMLElement);
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() =>
    expect(host.calls("document_act")).toEqual([
      { document: "doc-1", act: { act: "recall", to: ["H99.1020"], reason: "Có sai sót" } },
    ]),
  );
});
