import type { PublicationRole } from "@blog/api";
import { call, client } from "./browser";
import { fetchFile } from "./files";

const header = { "X-CSRF": "1" } as const;

export interface PublicationForm {
  name: string;
  slug: string;
  description: string;
  pictureMediaId: string;
}

export const listPublications = () => call(client.GET("/api/v1/me/publications", { params: { header } }));

export const createPublication = (form: PublicationForm, key: string) => call(client.POST("/api/v1/me/publications", { params: { header: { ...header, "Idempotency-Key": key } }, body: form }));

export const getPublication = (id: string) => call(client.GET("/api/v1/me/publications/{id}", { params: { path: { id }, header } }));

export const savePublication = (id: string, form: PublicationForm, revision: number) =>
  call(client.PUT("/api/v1/me/publications/{id}", { params: { path: { id }, header }, body: { ...form, revision } }));

export const inviteMember = (id: string, handle: string, role: PublicationRole) =>
  call(client.POST("/api/v1/me/publications/{id}/invitations", { params: { path: { id }, header }, body: { handle, role } }));

export const withdrawMember = (id: string, invitationId: string) =>
  call(client.DELETE("/api/v1/me/publications/{id}/invitations/{invitationId}", { params: { path: { id, invitationId }, header } }));

export const setRole = (id: string, personId: string, role: PublicationRole) =>
  call(client.PUT("/api/v1/me/publications/{id}/members/{personId}", { params: { path: { id, personId }, header }, body: { role } }));

export const removeMember = (id: string, personId: string, takeStories = false) =>
  call(client.DELETE("/api/v1/me/publications/{id}/members/{personId}", { params: { path: { id, personId }, query: { takeStories }, header } }));

/** Its stories, people and what was said, as a ZIP; for owners and editors. */
export const exportPublication = (id: string) => fetchFile(`/api/v1/me/publications/${id}/export.zip`);

export const listSubmissions = () => call(client.GET("/api/v1/me/submissions", { params: { header } }));

export const getSubmission = (id: string) => call(client.GET("/api/v1/me/submissions/{id}", { params: { path: { id }, header } }));

export const submitStory = (id: string, publicationId: string, note: string) =>
  call(client.POST("/api/v1/me/articles/{id}/submissions", { params: { path: { id }, header }, body: { publicationId, note } }));

export const withdrawSubmission = (id: string) => call(client.DELETE("/api/v1/me/submissions/{id}", { params: { path: { id }, header } }));

export const answerSubmission = (id: string, verdict: "accept" | "publish" | "send_back", revision: number, feedback: string) =>
  call(client.POST("/api/v1/me/submissions/{id}/answer", { params: { path: { id }, header }, body: { verdict, revision, feedback } }));

export const takeOut = (id: string) => call(client.DELETE("/api/v1/me/articles/{id}/publication", { params: { path: { id }, header } }));
