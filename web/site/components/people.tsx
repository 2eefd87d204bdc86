import type { Author } from "@blog/api";
import { sourceOf } from "@/lib/pictures";
import { initialsOf } from "@/lib/initials";

const sizes = { s: { className: "avatar avatar-s", pixels: 24 }, m: { className: "avatar", pixels: 40 }, l: { className: "avatar avatar-l", pixels: 72 } };

/** A picture when there is one, otherwise a serif monogram. Decoration: the name stands beside it. */
export function Avatar({ person, size = "m" }: { person: Pick<Author, "name" | "avatarUrl">; size?: keyof typeof sizes }) {
  const { className, pixels } = sizes[size];
  if (!person.avatarUrl) {
    return (
      <span className={className} aria-hidden="true">
        {initialsOf(person.name)}
      </span>
    );
  }
  return <img className={className} src={sourceOf(person.avatarUrl, 384, 384).src} width={pixels} height={pixels} alt="" loading="lazy" decoding="async" />;
}
