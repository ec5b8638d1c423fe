import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import type { CertificateDto, FileDto, SignOutcome } from "../../generated/types";
import { CommandError } from "../../platform";
import { fakeHost, sampleDetail, sampleRow } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { SignPanel } from "./SignPanel";
import type { PlacementControl } from "./usePlacement";

const file: FileDto = {
  id: "file-1",
  name: "bao-cao.pdf",
  role: "main",
  media_type: "application/pdf",
  head: "aa",
  size: 1000,
  pages: 2,
  place: "here",
  revisions: [],
};
const certificate: CertificateDto = {
  sha256: "c1",
  subject: "Nguyễn Văn A",
  organisation: "UBND xã Bình Minh Đông",
  issuer: "CA KIỂM THỬ",
  serial: "01",
  not_before: 0,
  not_after: Date.UTC(2028, 0, 5),
  key: "RSA 2048",
  state: "usable",
  registered: true,
};
const expired: CertificateDto = {
  ...certificate,
  sha256: "c2",
  subject: "Nguyễn Văn A (cũ)",
  state: "expired",
  not_after: Date.UTC(2026, 0, 5),
};
const module = { id: "m1", name: "VGCA Token", simulator: false, tokens: 1, problem: null };
const token = {
  module: "m1",
  serial: "s1",
  label: "Token của A",
  model: "",
  pin_state: "ok" as const,
  pin_pad: false,
  certificates: [expired, certificate],
};
const placement: PlacementControl = {
  value: { page: 1, x_mm: 120, y_mm: 230, w_mm: 60, h_mm: 25 },
  pages: [
    { width_mm: 210, height_mm: 297 },
    { width_mm: 210, height_mm: 297 },
  ],
  source: "FOUND",
  role: "signature",
  rule: { edge_mm: 5, least_w_mm: 22, least_h_mm: 11, most_w_mm: null, most_h_mm: null },
  set: (placement) => placement,
  reset: () => undefined,
  signWith: () => undefined,
  reveal: 0,
  show: () => undefined,
};

function Harness() {
  const [outcome, setOutcome] = useState<SignOutcome | null>(null);
  return (
    <SignPanel
      as="leader"
      detail={sampleDetail({ direction: "outgoing", row: sampleRow(1) })}
      file={file}
      placement={placement}
      network="offline"
      outcome={outcome}
      onSigned={setOutcome}
      onClose={() => undefined}
    />
  );
}

const device = {
  token_modules: () => [module],
  token_list: () => [token],
  sign_progress: () => ({ stage: "waiting_for_pin" as const, document: null }),
};
const submit = () => screen.findByRole("button", { name: "Ký" });

it("the only usable certificate is chosen; an expired one is shown with its reason", async () => {
  fakeHost(device);
  show(<Harness />);
  expect(await screen.findByRole("radio", { name: "Nguyễn Văn A" })).toBeChecked();
  const old = screen.getByRole("radio", { name: /Nguyễn Văn A \(cũ\)/ });
  expect(old).toHaveAttribute("aria-disabled", "true");
  expect(old).toHaveTextContent("Hết hạn từ 05/01/2026");
});

it("signs exactly what was shown, with the chosen certificate, where the box stands", async () => {
  const host = fakeHost({
    ...device,
    sign: () => ({ sha256: "bb", level: "B-B", upload_bytes: 21_504 }),
  });
  show(<Harness />);
  await userEvent.click(await submit());
  expect(await screen.findByText("Đã ký xong")).toBeVisible();
  expect(screen.getByTestId("sign-result")).toHaveTextContent("Mức B-B");
  expect(screen.getByTestId("sign-result")).toHaveTextContent("Đã lưu trên máy");
  expect(host.calls("sign")).toEqual([
    {
      document: "doc-1",
      file: "file-1",
      shown: "aa",
      module: "m1",
      token_serial: "s1",
      certificate: "c1",
      placement: placement.value,
    },
  ]);
});

it("a wrong PIN names the token, says that nothing was signed, and does not try again", async () => {
  const host = fakeHost({
    ...device,
    sign: () => {
      throw new CommandError("PIN_INCORRECT");
    },
  });
  show(<Harness />);
  await userEvent.click(await submit());
  const message = await screen.findByRole("alert");
  expect(message).toHaveTextContent("Sai mã PIN của token “Token của A”.");
  expect(message).toHaveTextContent("Chưa ký gì.");
  expect(host.calls("sign")).toHaveLength(1);
});

it("warns before signing offline that revocation was not checked", async () => {
  fakeHost(device);
  show(<Harness />);
  await submit();
  expect(screen.getByText(/chưa kiểm tra được chứng thư có bị thu hồi/)).toBeVisible();
});

it("says what to do when no token is plugged in, and looks again when asked", async () => {
  let plugged = false;
  fakeHost({ ...device, token_list: () => (plugged ? [token] : []) });
  show(<Harness />);
  expect(await screen.findByRole("alert")).toHaveAttribute("data-code", "TOKEN_ABSENT");
  expect(screen.getByRole("button", { name: "Chưa có thiết bị ký" })).toBeDisabled();
  plugged = true;
  await userEvent.click(screen.getAllByRole("button", { name: "Tìm lại" })[0] as HTMLElement);
  await waitFor(async () => expect(await submit()).toBeEnabled());
});
