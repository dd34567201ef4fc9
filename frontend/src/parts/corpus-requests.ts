/** The requests that make a corpus and bring papers into it. */
import { api, body, fetchRaw, type Schemas } from "../api/client";

export type ImportOptions = {
  /** As the API calls it; told by the server from the content when left out. */
  format?: string;
  /** Column of each of our fields, for tables. */
  mapping?: Record<string, string>;
};

export async function sendFile(
  corpusId: string,
  file: File,
  options: ImportOptions = {},
): Promise<Schemas["JobOut"]> {
  const form = new FormData();
  form.set("file", file, file.name);
  for (const [name, value] of Object.entries(importForm(options))) {
    form.set(name, value);
  }
  const answer = await fetchRaw(`/api/v1/corpora/${corpusId}/imports`, { method: "POST", body: form });
  return (await answer.json()) as Schemas["JobOut"];
}

/** The options as the fields of the form. */
export function importForm({ format, mapping }: ImportOptions): Record<string, string> {
  return {
    ...(format ? { format } : {}),
    ...(mapping && Object.keys(mapping).length > 0 ? { mapping: JSON.stringify(mapping) } : {}),
  };
}

export function askForBuild(corpusId: string): Promise<Schemas["JobOut"]> {
  const params = { path: { corpus_id: corpusId } };
  const asked = { facet: "topic", seed: 0, labels: "auto" as const };
  return api.POST("/api/v1/corpora/{corpus_id}/hierarchies", { params, body: asked }).then(body);
}
