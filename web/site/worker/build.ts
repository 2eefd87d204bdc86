// What scripts/assets.mjs tells the worker about the build it belongs to.
declare const BLOG_ASSETS: readonly string[];
declare const BLOG_FONTS: readonly string[];

/** The files with which every page of this build is drawn, and the page shown where there is no other. */
export const build = { assets: BLOG_ASSETS, /** Of every script; read once, kept. */ fonts: BLOG_FONTS, offlinePage: "/offline" };
