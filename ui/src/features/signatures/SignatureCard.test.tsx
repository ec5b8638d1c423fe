import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { SignatureDto } from "../../generated/types";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { SignatureCard } from "./SignatureCard";

const signature = (change: Partial<SignatureDto> = {}): SignatureDto => ({
  field: "Signature1",
  signer: "Nguyễn Văn A",
  organisation: "UBND xã Bình Minh Đông",
  issuer: "CA phục vụ các cơ quan nhà nước",
  kind: "approval",
  claimed_at: Date.UTC(2026, 10, 20, 2, 5),
  stamped_at: null,
  zone_wrong: false,
  not_before: Date.UTC(2026, 0, 1),
  not_after: Date.UTC(2029, 0, 1),
  serial: "1A2B",
  status: "valid",
  reasons: [],
  level: "B-B",
  covers_whole_file: true,
  coverage: "whole",
  changes_after: [],
  ...change,
});

function card(change: Partial<SignatureDto> = {}) {
  fakeHost({});
  show(<SignatureCard signature={signature(change)} atServer={undefined} />);
  return screen.getByTestId("signature-item");
}

it("a time without a time stamp is told to be the signer's own", () => {
  const own = card();
  expect(own).toHaveTextContent("Giờ theo máy người ký09:05, 20/11/2026");
  expect(own).toHaveTextContent("do máy người ký tự ghi");
  expect(own).not.toHaveTextContent("Giờ theo dấu thời gian");
});

it("a time stamp's time stands beside the signer's", () => {
  const stamped = card({ stamped_at: Date.UTC(2026, 10, 20, 2, 7), level: "B-T" });
  expect(stamped).toHaveTextContent("Giờ theo dấu thời gian09:07, 20/11/2026");
  expect(stamped).not.toHaveTextContent("tự ghi");
});

it("an altered document is never said to be unchanged, however much the signature covers", () => {
  const altered = card({ status: "invalid", reasons: ["HASH_FAILURE"] });
  expect(altered).toHaveTextContent("Nội dung đã bị thay đổi sau khi ký.");
  expect(altered).not.toHaveTextContent("Không có gì được thêm hoặc sửa");
  expect(altered).toHaveTextContent("Không dùng văn bản này làm căn cứ.");
});

it("what could not be checked is explained and not called forged", () => {
  const doubted = card({ status: "could_not_check", reasons: ["TRY_LATER"] });
  expect(doubted).toHaveTextContent("Đây chưa phải là dấu hiệu giả mạo.");
  expect(doubted).toHaveTextContent("sẽ kiểm tra khi có mạng");
});

it("what came after is listed once for each kind, and the reach is told", () => {
  const earlier = card({
    coverage: "revision",
    covers_whole_file: false,
    changes_after: ["SIGNATURE_ADDED", "SIGNATURE_ADDED", "EVIDENCE_ADDED"],
  });
  expect(earlier).toHaveTextContent("bao trùm tệp như lúc ký");
  expect(screen.getAllByText(/Có thêm chữ ký khác/)).toHaveLength(1);
  expect(earlier).toHaveTextContent("Có thêm dữ liệu kiểm chứng");
});
