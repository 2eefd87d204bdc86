import { forYou } from "@/messages/for-you";
import { following } from "@/messages/following";
import { reading } from "@/messages/reading";

export type HomeTab = "forYou" | "following" | "newest";

const tabs = [
  { tab: "forYou", href: "/for-you", label: forYou.title, personal: true },
  { tab: "following", href: "/following", label: following.title, personal: true },
  { tab: "newest", href: "/", label: reading.home.newest, personal: false },
] as const;

/** The ways to look at what there is to read. The same links for everyone; what is personal shows for whoever is signed in. */
export function HomeTabs({ tab, label }: { tab?: HomeTab; label: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ tab: each, href, label: word, personal }) => (
        <a key={each} className={personal ? "signed-in" : undefined} href={href} aria-current={each === tab ? "page" : undefined}>
          {word}
        </a>
      ))}
    </nav>
  );
}
