import type { MyImport } from "@blog/api";
import { call, client, sendFile } from "./browser";
import { fetchFile } from "./files";

const header = { "X-CSRF": "1" } as const;
const at = (id: string) => ({ path: { id }, header });

export const listImports = () => call(client.GET("/api/v1/me/imports", { params: { header } }));

export const getImport = (id: string) => call(client.GET("/api/v1/me/imports/{id}", { params: at(id) }));

export const listImportItems = (id: string, query: { remarkable?: boolean; pageToken?: string }) =>
  call(client.GET("/api/v1/me/imports/{id}/items", { params: { ...at(id), query: { ...query, pageSize: 50 } } }));

export const startImport = (id: string, body: { asDrafts: boolean; site: string }) => call(client.POST("/api/v1/me/imports/{id}/start", { params: at(id), body }));

export const cancelImport = (id: string) => call(client.POST("/api/v1/me/imports/{id}/cancel", { params: at(id) }));

export const deleteImport = (id: string) => call(client.DELETE("/api/v1/me/imports/{id}", { params: at(id) }));

export const uploadArchive = (file: File, onProgress: (share: number) => void) => sendFile<MyImport>("/api/v1/me/imports", file, onProgress);

/** What happened to each item, as a file. */
export const importReport = (id: string) => fetchFile(`/api/v1/me/imports/${id}/report.csv`);

/** Everything I wrote, as a ZIP. */
export const exportMine = () => fetchFile("/api/v1/me/export.zip");
