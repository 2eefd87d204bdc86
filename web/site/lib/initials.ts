/** One or two capitals for a monogram: "Ines Marrow" gives "IM", "björk" gives "B", "山田 太郎" gives "山". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = (word: string | undefined) => [...(word ?? "")][0]?.toLocaleUpperCase("en") ?? "";
  const initial = first(words[0]);
  if (!/^\p{Script=Latin}|^\p{Script=Cyrillic}|^\p{Script=Greek}/u.test(initial)) return initial;
  return words.length > 1 ? initial + first(words.at(-1)) : initial;
}
