import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const getMyNewsletter = () => call(client.GET("/api/v1/me/newsletter", { params: { header } }));

/** The whole list as a file, or undefined when it cannot be had now. */
export async function subscribersFile(): Promise<Blob | undefined> {
  try {
    const answer = await fetch("/api/v1/me/newsletter/subscribers.csv", { headers: header, credentials: "same-origin" });
    return answer.ok ? await answer.blob() : undefined;
  } catch {
    return undefined;
  }
}
