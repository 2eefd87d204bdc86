// The frame around every page, reading or signed in. It is the same markup for everyone: which half of the session slot shows is decided by
// an attribute on <html> that the theme script sets before the first paint, and the page script fills in the name.
import type { ReactNode } from "react";
import { lists } from "@/messages/lists";
import { offline } from "@/messages/offline";
import { publications } from "@/messages/publications";
import { highlights } from "@/messages/highlights";
import { reading } from "@/messages/reading";
import { search } from "@/messages/search";
import { Bell } from "./bell";
import { Icon } from "./icons";
import { SearchField } from "./search-field";
import { signInAddress, signUpAddress } from "./session-links";

const { site } = reading;

/** Filled by the page script; React leaves its inside alone. */
function Mine({ what, className, hidden }: { what: "avatar" | "name" | "handle"; className?: string; hidden?: boolean }) {
  return <span className={className} data-mine={what} aria-hidden={hidden} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: "" }} />;
}

function SessionSlot({ path }: { path: string }) {
  return (
    <>
      <div className="session signed-out">
        <a className="btn btn-bare" href={signInAddress(path)}>
          {site.signIn}
        </a>
        <a className="btn btn-main wide-only" href={signUpAddress(path)}>
          {site.signUp}
        </a>
      </div>
      <details className="session signed-in" data-menu suppressHydrationWarning>
        <summary className="btn btn-icon">
          <span className="sr">{site.account}</span>
          <Mine what="avatar" className="avatar avatar-m" hidden />
        </summary>
        <div className="menu">
          <p className="menu-head">
            <Mine what="name" className="who" />
            <Mine what="handle" className="meta" />
          </p>
          <a className="menu-item" href="/write">
            <Icon name="write" />
            {site.write}
          </a>
          <a className="menu-item" href="/me/saved">
            <Icon name="bookmark" />
            {lists.library.menu}
          </a>
          <a className="menu-item" href="/me/stories">
            <Icon name="stories" />
            {site.stories}
          </a>
          <a className="menu-item" href="/me/publications">
            <Icon name="columns" />
            {publications.mine.title}
          </a>
          <a className="menu-item" href="/me/highlights">
            <Icon name="mark" />
            {highlights.page.title}
          </a>
          <a className="menu-item" href="/settings" data-mine-profile suppressHydrationWarning>
            <Icon name="person" />
            {site.profile}
          </a>
          <a className="menu-item" href="/settings">
            <Icon name="gear" />
            {site.settings}
          </a>
          <a className="menu-item" href="/offline">
            <Icon name="offline" />
            {offline.titleOnline}
          </a>
          <button className="menu-item" type="button" data-install hidden suppressHydrationWarning>
            <Icon name="home" />
            {offline.install}
          </button>
          <a className="menu-item ruled" href="/bff/logout" data-mine-leave suppressHydrationWarning>
            <Icon name="leave" />
            {site.signOut}
          </a>
        </div>
      </details>
    </>
  );
}

export function ThemeButton() {
  return (
    <button className="btn btn-icon theme" type="button" data-theme-toggle aria-label={site.theme} title={site.theme} suppressHydrationWarning>
      <Icon name="system" className="theme-system" />
      <Icon name="sun" className="theme-light" />
      <Icon name="moon" className="theme-dark" />
    </button>
  );
}

export function Top({ path, withoutSearch, children }: { path: string; withoutSearch?: boolean; children?: ReactNode }) {
  return (
    <header className="top">
      <div className="frame">
        <a className="wordmark" href="/" aria-label={site.home}>
          <span>{site.name}</span>
        </a>
        {children}
        {!withoutSearch && <SearchField id="search" />}
        <span className="spring" />
        <nav className="row wide-only" aria-label={site.main}>
          <a className="btn btn-bare" href="/topics">
            {site.topics}
          </a>
          <a className="btn btn-bare" href="/write">
            <Icon name="write" />
            {site.write}
          </a>
        </nav>
        <ThemeButton />
        <Bell />
        <SessionSlot path={path} />
      </div>
    </header>
  );
}

export type Place = "home" | "search" | "write" | "library" | "stories";

const places = [
  { place: "home", href: "/", icon: "home", label: site.homeLink },
  { place: "search", href: "/search", icon: "search", label: search.title },
  { place: "write", href: "/write", icon: "write", label: site.write },
  { place: "library", href: "/me/saved", icon: "bookmark", label: lists.library.dock },
  { place: "stories", href: "/me/stories", icon: "stories", label: site.storiesShort },
] as const;

function Dock({ place }: { place?: Place }) {
  return (
    <nav className="dock" aria-label={site.mainPhone}>
      {places.map(({ place: own, href, icon, label }) => (
        <a key={own} href={href} aria-current={own === place ? "page" : undefined}>
          <Icon name={icon} />
          <span>{label}</span>
        </a>
      ))}
    </nav>
  );
}

export interface FrameProps {
  /** Path and query of this page, where signing in comes back to. */
  path: string;
  place?: Place;
  /** The feed of what this page lists. */
  feed?: string;
  /** A story: its own actions are at the thumb. */
  bare?: boolean;
  /** The search page has a field of its own. */
  withoutSearch?: boolean;
  children: ReactNode;
}

export function Frame({ path, place, feed = "/feed.xml", bare, withoutSearch, children }: FrameProps) {
  return (
    <div className={bare ? "whole has-bar" : "whole has-dock"}>
      <a className="skip" href="#main">
        {site.skip}
      </a>
      <Top path={path} withoutSearch={withoutSearch} />
      {children}
      <footer className="foot">
        <div className="frame">
          <a href="/">{site.homeLink}</a>
          <a href="/topics">{site.topics}</a>
          <a href={feed}>{site.feed}</a>
          <span className="last wide-only">{site.tagline}</span>
        </div>
      </footer>
      {!bare && <Dock place={place} />}
    </div>
  );
}
