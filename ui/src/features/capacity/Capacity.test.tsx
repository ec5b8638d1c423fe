import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { CapacitiesDto, OfficePersonDto, UnitPostDto } from "../../generated/types";
import { CommandError } from "../../platform";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { CapacityChip } from "./CapacityChip";
import { MandatesDialog } from "./MandatesDialog";
import { PostsDialog } from "./PostsDialog";

const NONE: CapacitiesDto = {
  options: [],
  chosen: "",
  ended: false,
  may_give: false,
  may_manage: false,
  given: [],
  held: [],
};

const WHOLE = { kinds: [], since: null, until: null };
const OWN = { ...WHOLE, key: "", title: "Trưởng phòng", unit: "Phòng Kinh tế", for_whom: null };
const TUQ = {
  key: "m",
  title: "TUQ. Chủ tịch",
  unit: "UBND xã",
  for_whom: "Nguyễn Văn A",
  kinds: ["decision", "announcement"],
  since: null,
  until: Date.parse("2099-12-03T00:00:00+07:00"),
};

test("with one post nothing is shown", async () => {
  const host = fakeHost({ capacity_list: () => NONE });
  show(<CapacityChip without={null} />);
  await expect.poll(() => host.calls("capacity_list").length).toBe(1);
  expect(screen.queryByTestId("capacity-chip")).toBeNull();
});

test.each([
  ["", /vai: Trưởng phòng, Phòng Kinh tế/],
  ["m", /vai: TUQ. Chủ tịch · chỉ ký: Quyết định, Thông báo · đến hết ngày 02\/12\/2099 · UBND xã/],
])("the chip names what was chosen (%s)", async (chosen, words) => {
  fakeHost({ capacity_list: () => ({ ...NONE, options: [OWN, TUQ], chosen }) });
  show(<CapacityChip without={null} />);
  expect(await screen.findByTestId("capacity-chip")).toHaveTextContent(words);
});

test("a capacity that has ended is said, also where nothing is left to choose", async () => {
  fakeHost({ capacity_list: () => ({ ...NONE, chosen: "m", ended: true }) });
  show(<CapacityChip without={null} />);
  expect(await screen.findByTestId("capacity-chip")).toHaveTextContent(/đã hết hiệu lực/);
});

test("a mandate is asked for whole days of Vietnam, only once everything is there; a refusal is said", async () => {
  const person = {
    account: "4",
    name: "Hoàng Văn E",
    position: "Trưởng phòng",
    role: "head",
    unit: "Phòng Kinh tế",
    unit_code: "H99.101.03",
    further: [],
  };
  const host = fakeHost({
    capacity_list: () => ({ ...NONE, may_give: true }),
    office_people: () => [person],
    mandate_give: () => {
      throw new CommandError("NET_UNREACHABLE");
    },
  });
  const user = userEvent.setup();
  show(<MandatesDialog open onClose={() => undefined} />);
  const form = within(await screen.findByTestId("mandate-form"));
  await user.click(form.getByTestId("mandate-give"));
  expect(form.getByText("Chọn người được giao.")).toBeVisible();
  await form.findByRole("option", { name: /Hoàng Văn E/ });
  await user.selectOptions(form.getByTestId("mandate-holder"), "4");
  await user.click(form.getByTestId("mandate-give"));
  expect(form.getByText("Ghi số văn bản uỷ quyền.")).toBeVisible();
  await user.type(form.getByTestId("mandate-reference"), "05/GUQ-UBND");
  await user.clear(form.getByTestId("mandate-since"));
  await user.type(form.getByTestId("mandate-since"), "01/12/2099");
  await user.clear(form.getByTestId("mandate-until"));
  await user.type(form.getByTestId("mandate-until"), "30/11/2099");
  await user.click(form.getByTestId("mandate-give"));
  expect(form.getByText(/không trước ngày bắt đầu/)).toBeVisible();
  expect(host.calls("mandate_give")).toEqual([]);
  await user.clear(form.getByTestId("mandate-until"));
  await user.type(form.getByTestId("mandate-until"), "02/12/2099");
  await user.type(form.getByTestId("mandate-kinds"), "QĐ, mật thư");
  await user.click(form.getByTestId("mandate-give"));
  expect(form.getByText(/Có loại không nhận ra/)).toBeVisible();
  expect(host.calls("mandate_give")).toEqual([]);
  await user.clear(form.getByTestId("mandate-kinds"));
  await user.type(form.getByTestId("mandate-kinds"), "qd, Thông báo");
  await user.click(form.getByTestId("mandate-give"));
  expect(await form.findByTestId("error-message")).toHaveAttribute("data-code", "NET_UNREACHABLE");
  expect(host.calls("mandate_give")).toEqual([
    {
      kind: "delegation",
      holder: "4",
      direct: true,
      sign: true,
      kinds: ["decision", "announcement"],
      since: Date.parse("2099-12-01T00:00:00+07:00"),
      until: Date.parse("2099-12-03T00:00:00+07:00"),
      reference: "05/GUQ-UBND",
    },
  ]);
});

test("a deputy whose leader's post is a second one can stand in; a head without one cannot", async () => {
  const person = (account: string, name: string, further: OfficePersonDto["further"]) => ({
    account,
    name,
    position: "Trưởng phòng",
    role: "head",
    unit: "Phòng Kinh tế",
    unit_code: "H99.101.03",
    further,
  });
  fakeHost({
    capacity_list: () => ({ ...NONE, may_give: true }),
    office_people: () => [
      person("4", "Hoàng Văn E", []),
      person("6", "Đặng Thị H", [{ role: "leader", position: "Phó Chủ tịch", unit: "UBND xã" }]),
    ],
  });
  const user = userEvent.setup();
  show(<MandatesDialog open onClose={() => undefined} />);
  const form = within(await screen.findByTestId("mandate-form"));
  await user.click(form.getByRole("radio", { name: /KT\./ }));
  expect(await form.findByRole("option", { name: /Đặng Thị H · Phó Chủ tịch/ })).toBeVisible();
  expect(form.queryByRole("option", { name: /Hoàng Văn E/ })).toBeNull();
});

const HELD: UnitPostDto = {
  account: "5",
  person: "Vũ Thị G",
  role: "official",
  title: "Chuyên viên",
  unit: "Phòng Kinh tế",
  unit_code: "H99.101.03",
  since: null,
  until: null,
  may_end: false,
};

test("a post is given for whole days of Vietnam, or with no end; only what was given for a time is ended", async () => {
  const given: UnitPostDto = {
    ...HELD,
    role: "unit_clerk",
    title: "Trợ lý",
    until: Date.parse("2099-12-03T00:00:00+07:00"),
    may_end: true,
  };
  const host = fakeHost({
    unit_posts: () => [HELD, given],
    unit_post_give: () => [HELD],
    unit_post_end: () => [HELD],
    office_people: () => [
      {
        account: "5",
        name: "Vũ Thị G",
        position: "Chuyên viên",
        role: "official",
        unit: "Phòng Kinh tế",
        unit_code: "H99.101.03",
        further: [],
      },
    ],
  });
  const user = userEvent.setup();
  show(<PostsDialog open onClose={() => undefined} />);
  const form = within(await screen.findByTestId("post-form"));
  const rows = screen.getAllByTestId("post");
  expect(rows[1]).toHaveTextContent("đến hết ngày 02/12/2099");
  await user.click(screen.getByRole("button", { name: "Kết thúc chức vụ Trợ lý của Vũ Thị G" }));
  expect(host.calls("unit_post_end")).toEqual([
    { account: "5", unit_code: "H99.101.03", role: "unit_clerk" },
  ]);
  await user.click(form.getByTestId("post-give"));
  expect(form.getByText("Chọn người giữ chức vụ.")).toBeVisible();
  await form.findByRole("option", { name: /Vũ Thị G/ });
  await user.selectOptions(form.getByTestId("post-person"), "5");
  await user.click(form.getByTestId("post-give"));
  expect(form.getByText("Ghi chức danh.")).toBeVisible();
  await user.type(form.getByTestId("post-title"), "Văn thư kiêm nhiệm");
  await user.selectOptions(form.getByTestId("post-role"), "clerk");
  await user.clear(form.getByTestId("post-since"));
  await user.type(form.getByTestId("post-since"), "01/12/2099");
  await user.type(form.getByTestId("post-until"), "30/11/2099");
  await user.click(form.getByTestId("post-give"));
  expect(form.getByText(/không trước ngày bắt đầu/)).toBeVisible();
  expect(host.calls("unit_post_give")).toEqual([]);
  await user.clear(form.getByTestId("post-until"));
  await user.click(form.getByTestId("post-give"));
  await expect
    .poll(() => host.calls("unit_post_give"))
    .toEqual([
      {
        account: "5",
        unit_code: "H99.101.03",
        role: "clerk",
        title: "Văn thư kiêm nhiệm",
        since: Date.parse("2099-12-01T00:00:00+07:00"),
        until: null,
      },
    ]);
});
