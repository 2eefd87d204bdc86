import type { Profile } from "@blog/api";
import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const getMe = () => call(client.GET("/api/v1/me", { params: { header } }));

export interface ProfileForm {
  name: string;
  handle: string;
  bio: string;
  /** A new picture's id, an empty text to take the picture away, undefined to leave it. */
  avatarMediaId: string | undefined;
  links: { label: string; url: string }[];
}

export const saveMe = (form: ProfileForm, { revision }: Pick<Profile, "revision">) =>
  call(client.PATCH("/api/v1/me", { params: { header }, body: { ...form, links: form.links.filter(({ label, url }) => label || url), revision } }));
