/** A public page has drawn itself by the time Next would draw its component; see `show` in page.tsx. */
export default function AlreadyDrawn() {
  return null;
}
