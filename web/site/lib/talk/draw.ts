// How a response looks, as HTML: the server draws the pages that work without scripts with it, and the browser everything it adds to them. One drawing,
// so that both are the same; a string, so that no framework is needed for it. Everything that people wrote goes through `escape`, except a response's
// own HTML, which Content sanitised.
import type { ArticleResponse, Author } from "@blog/api";
import { paths, type IconName } from "@/components/icons";
import { shortCount } from "@/lib/counts";
import { exactDate, spokenDate } from "@/lib/dates";
import { initialsOf } from "@/lib/initials";
import { sourceOf } from "@/lib/pictures";
import { clapping } from "@/messages/clap";
import { talk } from "@/messages/talk";

export interface Around {
  /** Address of the story. */
  url: string;
  authorId: string;
  locked: boolean;
  now: number;
  /** Who looks; undefined: anybody. */
  viewer?: string;
  /** The response that a link led to. */
  marked?: string;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const icon = (name: IconName): string => `<svg class="icon icon-s" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="${paths[name]}"/></svg>`;

const home = (person: Author): string => `/@${encodeURIComponent(person.handle)}`;

function avatar(person: Author): string {
  if (!person.avatarUrl) return `<span class="avatar avatar-s" aria-hidden="true">${escape(initialsOf(person.name))}</span>`;
  return `<img class="avatar avatar-s" src="${escape(sourceOf(person.avatarUrl, 384, 384).src)}" width="24" height="24" alt="" loading="lazy" decoding="async">`;
}

export const addressOf = (around: Around, id: string): string => `${around.url}/responses/${id}`;

export function drawResponse(response: ArticleResponse, around: Around): string {
  const { id, author, state } = response;
  const marked = around.marked === id ? " marked" : "";
  const stub = !author && !response.importedFrom;
  const by = author?.name ?? response.importedFrom ?? "";
  const replies = response.replies.map((reply) => drawResponse(reply, around)).join("");
  const more = response.nextRepliesToken
    ? `<a class="btn btn-bare more-replies" href="${escape(addressOf(around, id))}" data-more-replies="${escape(response.nextRepliesToken)}">${talk.moreReplies}</a>`
    : "";
  return `<li class="response${marked}" id="response-${id}" data-response="${id}" data-depth="${response.depth}">
<article aria-label="${escape(stub ? (state === "hidden" ? talk.hidden : talk.deleted) : talk.by(by))}">${stub ? `<p class="response-stub">${state === "hidden" ? talk.hidden : talk.deleted}</p>` : author ? drawWords(response, author, around) : drawImported(response, by, around)}</article>
<ol class="replies" data-replies>${replies}</ol>${more}</li>`;
}

function drawWords(response: ArticleResponse, author: Author, around: Around): string {
  const { id, answers, state } = response;
  const edited = response.editedAt ? `<span class="dot" title="${escape(exactDate(response.editedAt))}">${talk.edited}</span>` : "";
  const badge = author.id === around.authorId ? ` <span class="badge">${talk.badge}</span>` : "";
  const to = answers ? `<span class="dot">${talk.answering} <a href="${escape(home(answers))}">${escape(answers.name)}</a></span>` : "";
  const isHidden = state === "hidden" ? `<p class="response-hidden">${icon("eye")}${around.viewer === around.authorId ? talk.hiddenTheirs : talk.hiddenMine}</p>` : "";
  const reply = around.locked || state === "hidden" ? "" : `<button class="btn" type="button" data-reply aria-label="${escape(talk.replyTo(author.name))}">${talk.reply}</button>`;
  return `<div class="byline">${avatar(author)}<div><a class="who" href="${escape(home(author))}">${escape(author.name)}</a>${badge}
<span class="meta"><a href="${escape(addressOf(around, id))}" title="${talk.permalink}"><time datetime="${escape(response.createdAt)}" title="${escape(exactDate(response.createdAt))}">${escape(spokenDate(response.createdAt, around.now))}</time></a>${edited}${to}</span></div>${around.viewer ? drawMenu(response, author, around) : ""}</div>
${isHidden}<div class="response-text" data-text>${response.html}</div>
<div class="row response-actions">${drawClap(response, author)}${reply}</div>`;
}

/** Words of somebody without an account here: a name, and no page that it would lead to. */
function drawImported(response: ArticleResponse, name: string, around: Around): string {
  const { id, state } = response;
  const edited = response.editedAt ? `<span class="dot" title="${escape(exactDate(response.editedAt))}">${talk.edited}</span>` : "";
  const isHidden = state === "hidden" ? `<p class="response-hidden">${icon("eye")}${talk.hiddenImported}</p>` : "";
  const reply = around.locked || state === "hidden" ? "" : `<button class="btn" type="button" data-reply aria-label="${escape(talk.replyTo(name))}">${talk.reply}</button>`;
  return `<div class="byline"><span class="avatar avatar-s" aria-hidden="true">${escape(initialsOf(name))}</span><div><bdi class="who">${escape(name)}</bdi>
<span class="meta"><a href="${escape(addressOf(around, id))}" title="${talk.permalink}"><time datetime="${escape(response.createdAt)}" title="${escape(exactDate(response.createdAt))}">${escape(spokenDate(response.createdAt, around.now))}</time></a>${edited}<span class="dot" title="${escape(talk.importedText)}">${talk.imported}</span></span></div>${around.viewer ? drawMenu(response, { id: "", name }, around) : ""}</div>
${isHidden}<div class="response-text" data-text>${response.html}</div>
<div class="row response-actions">${reply}</div>`;
}

function drawClap({ id, claps, myClaps }: ArticleResponse, author: Author): string {
  return `<span class="clap" data-clap="${id}" data-by="${author.id}" data-total="${claps}"><button class="btn${myClaps ? " on" : ""}" type="button" aria-pressed="${myClaps > 0}" aria-label="${clapping.clap.clap(claps)}">${icon("clap")}<span data-clap-total>${claps > 0 ? shortCount(claps) : ""}</span></button><button class="btn-text" type="button" data-clap-undo aria-label="${clapping.clap.undoLabel}" hidden>${clapping.clap.undo}</button><span class="sr" role="status" data-clap-said></span></span>`;
}

function drawMenu(response: ArticleResponse, author: Pick<Author, "id" | "name">, around: Around): string {
  const own = author.id === around.viewer;
  const host = around.authorId === around.viewer;
  const item = (act: string, name: IconName, label: string) => `<button class="menu-item" type="button" data-act="${act}">${icon(name)}${label}</button>`;
  const items = [
    item("link", "share", talk.copyLink),
    ...(own ? [item("edit", "write", talk.edit), item("delete", "close", talk.delete)] : []),
    ...(host && !own ? [response.state === "hidden" ? item("show", "eye", talk.show) : item("hide", "eye", talk.hide)] : []),
  ];
  return `<details class="response-menu" data-menu><summary class="btn btn-icon">${icon("more")}<span class="sr">${escape(own ? talk.menuOwn : talk.menu(author.name))}</span></summary><div class="menu">${items.join("")}</div></details>`;
}

export const drawThread = (responses: readonly ArticleResponse[], around: Around): string => responses.map((response) => drawResponse(response, around)).join("");

/** A response within what it stands under. */
export const nested = (response: ArticleResponse, ancestors: readonly ArticleResponse[]): ArticleResponse =>
  ancestors.reduceRight<ArticleResponse>((inner, outer) => ({ ...outer, replies: [inner], nextRepliesToken: null }), response);

export const drawEmpty = (): string => `<li class="empty"><p class="empty-title">${talk.empty}</p><p>${talk.emptyText}</p></li>`;

/** What is there before the responses are: the same lines in grey. */
export const drawSkeleton = (): string =>
  `<li class="response" aria-hidden="true"><span class="skel h-s w-4"></span><span class="skel h-d w-10"></span><span class="skel h-d w-8"></span></li>`.repeat(3);
