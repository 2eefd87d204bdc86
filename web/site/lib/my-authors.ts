import { call, client } from "./browser";

const header = { "X-CSRF": "1" } as const;

export const listAuthors = (id: string) => call(client.GET("/api/v1/me/articles/{id}/authors", { params: { path: { id }, header } }));

export const inviteAuthor = (id: string, handle: string) => call(client.POST("/api/v1/me/articles/{id}/invitations", { params: { path: { id }, header }, body: { handle } }));

export const withdrawInvitation = (id: string, invitationId: string) =>
  call(client.DELETE("/api/v1/me/articles/{id}/invitations/{invitationId}", { params: { path: { id, invitationId }, header } }));

export const removeAuthor = (id: string, personId: string) => call(client.DELETE("/api/v1/me/articles/{id}/authors/{personId}", { params: { path: { id, personId }, header } }));

export const listInvitations = () => call(client.GET("/api/v1/me/invitations", { params: { header } }));

export const acceptInvitation = (id: string) => call(client.POST("/api/v1/me/invitations/{id}/accept", { params: { path: { id }, header } }));

export const declineInvitation = (id: string) => call(client.POST("/api/v1/me/invitations/{id}/decline", { params: { path: { id }, header } }));
