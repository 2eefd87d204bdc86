// Next's standalone server does not carry what it serves as files; put both beside it, so that the folder runs wherever it is copied.
import { cp } from "node:fs/promises";

const site = new URL("..", import.meta.url).pathname;
const standalone = `${site}.next/standalone/site`;
await cp(`${site}public`, `${standalone}/public`, { recursive: true });
await cp(`${site}.next/static`, `${standalone}/.next/static`, { recursive: true });
