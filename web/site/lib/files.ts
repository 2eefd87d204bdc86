/** A file; undefined when it cannot be had now. */
export async function fetchFile(address: string): Promise<Blob | undefined> {
  try {
    const answer = await fetch(address, { headers: { "X-CSRF": "1" }, credentials: "same-origin" });
    return answer.ok ? await answer.blob() : undefined;
  } catch {
    return undefined;
  }
}

/** Hands a file to the person's downloads. */
export function saveFile(file: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
