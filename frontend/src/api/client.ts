/** The typed client of the API; every answer that is not good becomes a `Problem`. */
import createClient, { type Middleware } from "openapi-fetch";

import { sessionHeaders } from "../app/session";
import { Problem, type ProblemDocument } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

const outcome: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(sessionHeaders())) {
      request.headers.set(name, value);
    }
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) {
      throw await problemOf(response);
    }
    return response;
  },
  onError({ error }) {
    return error instanceof Problem || isAbort(error) ? (error as Error) : new Problem(0, {});
  },
};

export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request) => globalThis.fetch(request), // Looked up at each request, so that tests can answer.
});
api.use(outcome);

/** Read an answer that is not a typed JSON body: a file, or a stream. */
export async function fetchRaw(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { ...sessionHeaders(), ...init.headers } });
  } catch (error) {
    throw isAbort(error) ? error : new Problem(0, {});
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}

/** Give the body of an answer; it is there, since a bad answer has been thrown. */
export function body<T>(answer: { data?: T }): T {
  return answer.data as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const document = (await response.json().catch(() => ({}))) as Partial<ProblemDocument>;
  const after = Number(response.headers.get("Retry-After"));
  return new Problem(response.status, document, after > 0 ? after : null);
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
