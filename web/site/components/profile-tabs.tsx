import { lists } from "@/messages/lists";
import { reading } from "@/messages/reading";

/** What a person shows: stories and lists. */
export function ProfileTabs({ handle, name, at }: { handle: string; name: string; at: "stories" | "lists" }) {
  const base = `/@${handle}`;
  return (
    <nav className="tabs" aria-label={name}>
      <a href={base} aria-current={at === "stories" ? "page" : undefined}>
        {reading.profile.stories}
      </a>
      <a href={`${base}/lists`} aria-current={at === "lists" ? "page" : undefined}>
        {lists.shared.lists}
      </a>
    </nav>
  );
}
