import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { CommandError } from "../../platform";
import { fakeHost, sampleSync } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { LoginForm } from "./LoginForm";

const status = {
  version: "0.1.0",
  phase: "desk" as const,
  province: "Tỉnh H99",
  server: "congvan.h99.example",
  account: null,
  sync: sampleSync(),
};

it("an empty password is asked for in its place and nothing is sent", async () => {
  const host = fakeHost({ login: () => status });
  show(<LoginForm />);
  await userEvent.type(screen.getByLabelText("Tài khoản"), "lanhdao");
  await userEvent.click(screen.getByRole("button", { name: "Đăng nhập" }));
  expect(screen.getByLabelText("Mật khẩu")).toHaveAccessibleDescription("Nhập mật khẩu.");
  expect(screen.getByLabelText("Mật khẩu")).toHaveFocus();
  expect(host.calls("login")).toEqual([]);
});

it("a wrong password says what happened, what is safe and what to do, and keeps the account", async () => {
  fakeHost({
    login: () => {
      throw new CommandError("BAD_CREDENTIALS");
    },
  });
  show(<LoginForm />);
  await userEvent.type(screen.getByLabelText("Tài khoản"), "lanhdao");
  await userEvent.type(screen.getByLabelText("Mật khẩu"), "sai{Enter}");
  const message = await screen.findByRole("alert");
  expect(message).toHaveAttribute("data-code", "BAD_CREDENTIALS");
  expect(message).toHaveTextContent("Tài khoản hoặc mật khẩu không đúng.");
  expect(message).toHaveTextContent("Dữ liệu trên máy vẫn nguyên.");
  expect(message).toHaveTextContent("Mã BAD_CREDENTIALS");
  expect(screen.getByLabelText("Tài khoản")).toHaveValue("lanhdao");
  expect(screen.getByLabelText("Mật khẩu")).toHaveFocus();
});

it("the password is hidden until the user asks to see it", async () => {
  fakeHost({});
  show(<LoginForm />);
  expect(screen.getByLabelText("Mật khẩu")).toHaveAttribute("type", "password");
  await userEvent.click(screen.getByRole("button", { name: "Hiện mật khẩu" }));
  expect(screen.getByLabelText("Mật khẩu")).toHaveAttribute("type", "text");
});

it("the account is sent without surrounding spaces, the password as it was typed", async () => {
  const host = fakeHost({ login: () => status });
  show(<LoginForm />);
  await userEvent.type(screen.getByLabelText("Tài khoản"), " lanhdao ");
  await userEvent.type(screen.getByLabelText("Mật khẩu"), " mật khẩu {Enter}");
  expect(host.calls("login")).toEqual([{ username: "lanhdao", password: " mật khẩu " }]);
});
