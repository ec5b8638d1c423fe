/** Pictures that are held: of the letter pointed at, the next, the one before, and one to spare. */
const MOST = 4;

/** Pictures fetched and decoded ahead, so that a page that asks for one has it at once. */
export class Pictures {
  private readonly held = new Map<string, HTMLImageElement>();

  /** Fetches and decodes a picture; the oldest gives way. */
  async load(url: string, signal: AbortSignal): Promise<void> {
    if (this.held.has(url) || signal.aborted) return;
    const picture = new Image();
    // Without an address the webview lets go of what it fetches.
    const drop = () => picture.removeAttribute("src");
    signal.addEventListener("abort", drop, { once: true });
    picture.src = url;
    await picture.decode();
    signal.removeEventListener("abort", drop);
    if (signal.aborted) return;
    this.held.set(url, picture);
    for (const oldest of [...this.held.keys()].slice(0, -MOST)) this.held.delete(oldest);
  }

  clear(): void {
    this.held.clear();
  }
}
