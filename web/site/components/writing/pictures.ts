// Which of the files that came in are pictures, and what their names say.

export const chosenPictures = (files: FileList | undefined | null) => [...(files ?? [])].filter((file) => file.type.startsWith("image/") || /\.(png|jpe?g|gif|webp|avif)$/i.test(file.name));

/** "Harbour_clock-2.jpg" suggests "Harbour clock 2"; names that cameras make say nothing. */
export function altOf(name: string): string {
  const words = name.replace(/\.\w+$/, "").replace(/[[\]\\]/g, " ").replace(/[_-]+/g, " ").trim();
  return /^(img|dsc|dscn|pxl|image|picture|screenshot|bild)?[\s\d.:]*$/i.test(words) ? "" : words;
}
