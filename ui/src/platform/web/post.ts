/** Sends a command to the web host; throws its `{code, args}` when it fails. */
export async function post(name: string, args: unknown): Promise<unknown> {
  const response = await fetch(`/ipc/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  const body: unknown = await response.json();
  if (!response.ok) throw body;
  return body;
}
