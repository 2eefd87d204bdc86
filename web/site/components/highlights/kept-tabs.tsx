import { highlights } from "@/messages/highlights";

const { page } = highlights;

const tabs = [
  { name: "highlights", href: "/me/highlights", label: page.title },
  { name: "gifts", href: "/me/gifts", label: page.gifts },
] as const;

export function KeptTabs({ current }: { current: (typeof tabs)[number]["name"] }) {
  return (
    <nav className="tabs" aria-label={page.tabs}>
      {tabs.map(({ name, href, label }) => (
        <a key={name} href={href} aria-current={name === current ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
