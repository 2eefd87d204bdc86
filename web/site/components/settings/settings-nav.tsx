import { turnedDown } from "@/messages/for-you";
import { importing } from "@/messages/importing";
import { notifications } from "@/messages/notifications";
import { relations } from "@/messages/people";

const words = notifications.settings;

const pages = [
  { page: "profile", href: "/settings", label: words.profile },
  { page: "notifications", href: "/settings/notifications", label: words.title },
  { page: "following", href: "/settings/following", label: relations.following.title },
  { page: "blocked", href: "/settings/blocked", label: relations.blocked.tab },
  { page: "turnedDown", href: "/settings/turned-down", label: turnedDown.tab },
  { page: "import", href: "/settings/import", label: importing.tab },
] as const;

/** Where the tabs are wider than the window, they begin where this page's is in sight. */
function showCurrent(nav: HTMLElement | null) {
  const current = nav?.querySelector<HTMLElement>("[aria-current]");
  if (nav && current) nav.scrollLeft = current.offsetLeft + current.offsetWidth - nav.offsetLeft - nav.clientWidth;
}

/** The pages of the settings. */
export function SettingsNav({ here }: { here: (typeof pages)[number]["page"] }) {
  return (
    <nav className="tabs settings-nav" aria-label={words.nav} ref={showCurrent}>
      {pages.map(({ page, href, label }) => (
        <a key={page} href={href} aria-current={page === here ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
