// Pictures of ours live at /media/{id}; /images/{id}/{width} is the same picture, scaled and re-encoded by the image optimiser.

/** The widths the optimiser is configured for; any other is refused. */
export const widths = [384, 640, 828, 1200, 1920] as const;

/** What can be uploaded, for the `accept` of a file chooser; the server looks at the bytes. */
export const pictureTypes = "image/png,image/jpeg,image/gif,image/webp,image/avif";

export interface Source {
  src: string;
  srcSet?: string;
}

const ours = /^\/media\/([0-9a-f-]{36})$/i;

/** Addresses for an `<img>` of a picture with this natural width; a picture that is not ours stays as it is. */
export function sourceOf(url: string, naturalWidth: number, largest: number): Source {
  const id = ours.exec(url)?.[1];
  if (!id) return { src: url };
  const usable = widths.filter((width) => width <= Math.max(Math.min(naturalWidth, largest), widths[0]));
  const last = usable.at(-1) ?? widths[0];
  return { src: `/images/${id}/${last}`, srcSet: usable.map((width) => `/images/${id}/${width} ${width}w`).join(", ") };
}
