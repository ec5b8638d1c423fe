import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { AccountDto, SyncStatus, TokenState } from "../../generated/types";
import { fakeHost, sampleSync } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { GuideCard, type GuideWays } from "./GuideCard";
import { useFirst, useGuide } from "./useGuide";

const NO_TOKEN: TokenState = { tokens: [], problem: null, training: null };
const ONE_TOKEN = { ...NO_TOKEN, tokens: [{ label: "Token" }] } as unknown as TokenState;

function leader(): AccountDto {
  const posts = [{ role: "leader" }] as unknown as AccountDto["posts"];
  return { id: 1, username: "a", full_name: "Nguyễn Văn A", posts };
}

function ways() {
  const all: GuideWays = {
    onSync: vi.fn(),
    onToken: vi.fn(),
    onSign: vi.fn(),
    onScan: vi.fn(),
    onRead: vi.fn(),
    onPalette: vi.fn(),
    onHelp: vi.fn(),
  };
  return all;
}

interface DeskProps {
  sync: SyncStatus;
  to: GuideWays;
  signed?: boolean;
}

function Desk({ sync, to, signed = false }: DeskProps) {
  const guide = useGuide(leader());
  useFirst("sign", signed);
  return guide.isShown ? <GuideCard guide={guide} sync={sync} ways={to} /> : <p>ẩn</p>;
}

it("says how many files are left and takes no focus", async () => {
  fakeHost({ token_state: () => NO_TOKEN });
  show(<Desk sync={sampleSync({ downloads_waiting: 12 })} to={ways()} />);
  expect(await screen.findByTestId("guide-download")).toHaveTextContent("Còn 12 tệp");
  expect(screen.getByRole("progressbar")).toHaveAttribute("max", "12");
  expect(document.body).toHaveFocus();
});

it("says without a network that the download goes on by itself", () => {
  fakeHost({ token_state: () => NO_TOKEN });
  show(<Desk sync={sampleSync({ network: "offline" })} to={ways()} />);
  expect(screen.getByTestId("guide-download")).toHaveTextContent("Chưa có mạng");
});

it("leads a leader to the token first, and with one to what waits for a signature", async () => {
  const host = fakeHost({ token_state: () => (plugged ? ONE_TOKEN : NO_TOKEN) });
  let plugged = false;
  const to = ways();
  show(<Desk sync={sampleSync()} to={to} />);
  fireEvent.click(await screen.findByRole("button", { name: "Kiểm tra token" }));
  expect(to.onToken).toHaveBeenCalledOnce();
  plugged = true;
  host.change("token");
  fireEvent.click(await screen.findByRole("button", { name: "Mở Trình ký" }));
  expect(to.onSign).toHaveBeenCalledOnce();
});

it("remembers for good that the first document was signed", async () => {
  const host = fakeHost({ token_state: () => ONE_TOKEN });
  show(<Desk sync={sampleSync()} to={ways()} signed />);
  await waitFor(() => expect(host.settings["onboarding.sign"]).toBe("1"));
  expect(screen.getByTestId("guide-sign")).toHaveTextContent("Đã ký văn bản đầu tiên");
  expect(screen.getByText("Xong 1/3 bước")).toBeVisible();
});

it("is hidden for good", async () => {
  const host = fakeHost({ token_state: () => NO_TOKEN });
  show(<Desk sync={sampleSync()} to={ways()} />);
  fireEvent.click(screen.getByRole("button", { name: "Ẩn hướng dẫn" }));
  expect(await screen.findByText("ẩn")).toBeVisible();
  await waitFor(() => expect(host.settings["onboarding.hidden"]).toBe("1"));
});
