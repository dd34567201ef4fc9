/** Hands a file to the browser's downloads. */
import { fetchRaw } from "../api/client";

/** Save what an address answers. The request carries what a link would not: the key of this tab. */
export async function saveAnswer(path: string, name: string): Promise<void> {
  const answer = await fetchRaw(path);
  saveBlob(await answer.blob(), name);
}

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
