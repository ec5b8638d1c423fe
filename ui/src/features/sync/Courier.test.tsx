import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { CommandError, host } from "../../platform";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { Courier } from "./Courier";

const READY = { courier_state: () => ({ ready: true }) };

it("a desk that has never reached the server can carry and receive, and is told why not write", async () => {
  fakeHost({ courier_state: () => ({ ready: false }) });
  show(<Courier />);
  expect(await screen.findByText(/cần nối được với máy chủ một lần/)).toBeVisible();
  expect(screen.getByTestId("courier-write")).toBeDisabled();
  expect(screen.getByTestId("courier-carry")).toBeEnabled();
  expect(screen.getByTestId("courier-receive")).toBeEnabled();
});

it("what was written is said with what comes next, and what stays", async () => {
  fakeHost(READY);
  const written = { name: "goi-1.cvct", size: 131_072, acts: 3, files: 1, left: 2 };
  vi.spyOn(host(), "courierWrite").mockResolvedValue(written);
  show(<Courier />);
  await vi.waitFor(() => expect(screen.getByTestId("courier-write")).toBeEnabled());
  await userEvent.click(screen.getByTestId("courier-write"));
  const result = await screen.findByTestId("courier-result");
  expect(result).toHaveTextContent("goi-1.cvct (128 KB): 3 việc, 1 tệp");
  expect(result).toHaveTextContent("2 việc còn lại");
});

it("an answer says only what it has brought, and that nothing was new when nothing was", async () => {
  fakeHost(READY);
  const nothing = {
    ...{ applied: 0, trouble: 0, changed: 0, removed: 0, files: 0 },
    ...{ more: false, stale: true, refused: null, answered_at: null },
  };
  const receive = vi.spyOn(host(), "courierReceive");
  receive.mockResolvedValueOnce({ ...nothing, applied: 2, trouble: 1, more: true });
  show(<Courier />);
  await userEvent.click(screen.getByTestId("courier-receive"));
  const result = await screen.findByTestId("courier-result");
  expect(result.textContent).toBe(
    "2 việc đã được máy chủ nhận, có biên nhận.1 việc cần xử lý.Ở máy chủ còn nữa: ghi và chuyển thêm một gói.",
  );
  receive.mockResolvedValueOnce(nothing);
  await userEvent.click(screen.getByTestId("courier-receive"));
  expect(await screen.findByText("Máy này đã có đủ những gì trong gói.")).toBeVisible();
});

it("a bundle that is not taken in is an error with a remedy, and no choice is nothing", async () => {
  fakeHost(READY);
  const carry = vi.spyOn(host(), "courierCarry");
  carry.mockRejectedValueOnce(new CommandError("COURIER_DAMAGED"));
  show(<Courier />);
  await userEvent.click(screen.getByTestId("courier-carry"));
  expect(await screen.findByRole("alert")).toHaveTextContent("bị hỏng, thiếu hoặc đã bị sửa");
  carry.mockResolvedValueOnce(null);
  await userEvent.click(screen.getByTestId("courier-carry"));
  await vi.waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(screen.queryByTestId("courier-result")).toBeNull();
});
