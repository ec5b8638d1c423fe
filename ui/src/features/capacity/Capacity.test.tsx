import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { CapacitiesDto } from "../../generated/types";
import { CommandError } from "../../platform";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { CapacityChip } from "./CapacityChip";
import { MandatesDialog } from "./MandatesDialog";

const NONE: CapacitiesDto = {
  options: [],
  chosen: "",
  ended: false,
  may_give: false,
  given: [],
  held: [],
};

const OWN = { key: "", title: "Trưởng phòng", unit: "Phòng Kinh tế", for_whom: null };
const TUQ = { key: "m", title: "TUQ. Chủ tịch", unit: "UBND xã", for_whom: "Nguyễn Văn A" };

test("with one post nothing is shown", async () => {
  const host = fakeHost({ capacity_list: () => NONE });
  show(<CapacityChip without={null} />);
  await expect.poll(() => host.calls("capacity_list").length).toBe(1);
  expect(screen.queryByTestId("capacity-chip")).toBeNull();
});

test.each([
  ["", /vai: Trưởng phòng, Phòng Kinh tế/],
  ["m", /vai: TUQ. Chủ tịch, UBND xã/],
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
  await user.click(form.getByTestId("mandate-give"));
  expect(await form.findByTestId("error-message")).toHaveAttribute("data-code", "NET_UNREACHABLE");
  expect(host.calls("mandate_give")).toEqual([
    {
      kind: "delegation",
      holder: "4",
      direct: true,
      sign: true,
      since: Date.parse("2099-12-01T00:00:00+07:00"),
      until: Date.parse("2099-12-03T00:00:00+07:00"),
      reference: "05/GUQ-UBND",
    },
  ]);
});
