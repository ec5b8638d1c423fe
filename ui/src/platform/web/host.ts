import type { Changed } from "../../generated/types";
import { CommandError } from "../commandError";
import type { CommandName, Host, Result } from "../host";
import { post } from "./post";

/** The core behind HTTP: for the tests that drive the face in an ordinary browser. */
export const webHost: Host = {
  async call<N extends CommandName>(name: N, args: unknown): Promise<Result<N>> {
    try {
      return (await post(name, args)) as Result<N>;
    } catch (thrown) {
      throw CommandError.from(thrown);
    }
  },
  onChanged(callback) {
    const events = new EventSource("/events");
    let opened = false;
    events.addEventListener("changed", (event) => callback(JSON.parse(event.data) as Changed));
    events.addEventListener("pin", (event) => {
      const { url } = JSON.parse(event.data) as { url: string };
      window.open(url, "congvan-pin", "popup,width=440,height=400");
    });
    // What happened while the stream was down is not told again: re-read everything.
    events.addEventListener("open", () => {
      if (opened)
        callback({ tags: ["documents", "sync", "session", "signing", "token", "settings"] });
      opened = true;
    });
    return () => events.close();
  },
  // A browser shows no notification of the system: nothing to click.
  onOpenDocument: () => () => undefined,
  pageUrl: (sha256, page, widthPx) => `/page/${sha256}/${page}?w=${widthPx}`,
  imageUrl: (sha256) => `/page/signature-image/${sha256}`,
  copyUrl: (op) => `/page/copy/${op}`,
};
