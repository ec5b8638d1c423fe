import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeHost, sampleSync } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { NetworkLine } from "./NetworkLine";

const line = () => screen.getByRole("button");

it("says in words that the server answers and nothing waits", () => {
  fakeHost({});
  show(<NetworkLine sync={sampleSync()} onOpen={() => undefined} />);
  expect(line()).toHaveTextContent("Trực tuyến");
  expect(line()).toHaveTextContent("không có việc chờ gửi");
});

it("says since when it is offline and how many acts wait", () => {
  fakeHost({});
  const since = Date.now();
  show(
    <NetworkLine
      sync={sampleSync({ network: "offline", since, unsent: 3 })}
      onOpen={() => undefined}
    />,
  );
  expect(line()).toHaveTextContent(/Ngoại tuyến từ \d\d:\d\d/);
  expect(line()).toHaveTextContent("3 việc chờ gửi");
});

it("a pause and a very busy server are said in the line itself", () => {
  fakeHost({});
  show(<NetworkLine sync={sampleSync({ paused: true })} onOpen={() => undefined} />);
  expect(line()).toHaveTextContent("tạm dừng");
  expect(line()).toHaveAttribute("title", expect.stringContaining("Đang tạm dừng gửi và nhận"));
});

it("a very busy server says what still travels", () => {
  fakeHost({});
  const sync = sampleSync({ network: "busy", load: "critical" });
  show(<NetworkLine sync={sync} onOpen={() => undefined} />);
  expect(line()).toHaveTextContent("Máy chủ đang rất đông");
  expect(line()).toHaveAttribute("title", expect.stringContaining("chỉ gửi việc đã làm"));
});

it("names what a person must decide", () => {
  fakeHost({});
  show(<NetworkLine sync={sampleSync({ needs_attention: 1 })} onOpen={() => undefined} />);
  expect(line()).toHaveTextContent("1 cần xử lý");
});
