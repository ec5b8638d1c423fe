import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { PrintArgs } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { PrintDialog } from "./PrintDialog";

const SHA = `3fa9c2d41b07${"0".repeat(52)}`;
const A4 = { width_mm: 210, height_mm: 297 };

function dialog(print_mark: () => { at: number } = () => ({ at: Date.UTC(2026, 10, 22, 7, 5) })) {
  const fake = fakeHost({
    print_mark: () => ({
      by: "Trần Thị B",
      unit: "UBND xã Bình Minh Đông",
      notation: "12/UBND-VX",
      sha256: SHA,
      ...print_mark(),
    }),
  });
  const given = vi.fn(async () => undefined);
  host().print = given;
  show(
    <PrintDialog
      open
      onClose={() => undefined}
      document="d1"
      sha256={SHA}
      pages={[A4, A4, A4]}
      current={1}
    />,
  );
  return { fake, given, field: screen.getByTestId("print-pages") };
}

const pictures = () => [...screen.getByTestId("print-sheets").querySelectorAll("img")];

it("gives the sheets to the system when the last picture is there, each with its mark", async () => {
  const { fake, given, field } = dialog();
  await userEvent.clear(field);
  await userEvent.type(field, "2-3{Enter}");
  await waitFor(() => expect(pictures()).toHaveLength(2));
  expect(fake.calls("print_mark")[0] as PrintArgs).toMatchObject({
    document: "d1",
    first: 1,
    last: 2,
  });
  const [one, other] = pictures();
  if (one !== undefined) fireEvent.load(one);
  expect(given).not.toHaveBeenCalled();
  if (other !== undefined) fireEvent.load(other);
  expect(given).toHaveBeenCalledTimes(1);
  const sheets = screen.getByTestId("print-sheets");
  expect(sheets).toHaveTextContent("BẢN IN TỪ VĂN BẢN ĐIỆN TỬ số 12/UBND-VX");
  expect(sheets).toHaveTextContent("Trang 3/3");
  expect(sheets).toHaveTextContent(
    "Người in: Trần Thị B, UBND xã Bình Minh Đông · In lúc 14:05, 22/11/2026",
  );
  expect(sheets).toHaveTextContent("Mã tệp 3FA9C2D41B07");
});

it("prints nothing that could not be recorded", async () => {
  const { given } = dialog(() => {
    throw new CommandError("DISK_FULL");
  });
  await userEvent.click(screen.getByTestId("print-start"));
  expect(await screen.findByTestId("error-message")).toHaveAttribute("data-code", "DISK_FULL");
  expect(screen.queryByTestId("print-sheets")).toBeNull();
  expect(given).not.toHaveBeenCalled();
});

it("a page that cannot be drawn stops the print and is named", async () => {
  const { given } = dialog();
  await userEvent.click(screen.getByTestId("print-current"));
  await waitFor(() => expect(pictures()).toHaveLength(1));
  for (const picture of pictures()) fireEvent.error(picture);
  expect(await screen.findByTestId("error-message")).toHaveAttribute("data-code", "PAGE_FAILED");
  expect(given).not.toHaveBeenCalled();
});

it("says what is wrong with the pages that were typed", async () => {
  const { fake, field } = dialog();
  await userEvent.clear(field);
  await userEvent.type(field, "2-9{Enter}");
  expect(screen.getByText("Tệp chỉ có trang 1 đến 3.")).toBeInTheDocument();
  expect(fake.calls("print_mark")).toEqual([]);
});
