/** A server in the place of `fetch`. Imported before the client of the API, which takes `fetch` as it finds it. */
export type Answer = { status?: number; json?: unknown; headers?: Record<string, string> };
type Route = Answer | ((request: Request) => Answer | Promise<Answer>);

let routes: Record<string, Route> = {};
let asked: { route: string; body: string }[] = [];

/** Answer so from now on; routes are written “GET /api/v1/corpora”, what is missing is 404. */
export function serve(given: Record<string, Route>): void {
  routes = given;
  asked = [];
}

/** What was asked that changes something, with the bodies. */
export function writes(): { route: string; body: string }[] {
  return asked.filter((one) => !one.route.startsWith("GET "));
}

// jsdom's signals are none to Node's Request.
class SignallessRequest extends Request {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    const { signal: _, ...rest } = init ?? {};
    super(input, rest);
  }
}

globalThis.Request = SignallessRequest;
globalThis.fetch = async (input, init) => {
  // Node cannot read jsdom's forms: they are noted as what is in them.
  const form = init?.body instanceof FormData ? JSON.stringify([...init.body].map(noteOf)) : null;
  const given =
    input instanceof Request
      ? input
      : new SignallessRequest(new URL(String(input), location.href), form ? { ...init, body: form } : init);
  const route = `${given.method} ${new URL(given.url).pathname}`;
  asked.push({ route, body: given.method === "GET" ? "" : await given.clone().text() });
  const found = routes[route] ?? { status: 404, json: { title: "There is nothing here", status: 404 } };
  const { status = 200, json, headers } = typeof found === "function" ? await found(given) : found;
  const text = json === undefined ? null : JSON.stringify(json);
  return new Response(text, { status, headers: { "Content-Type": "application/json", ...headers } });
};

function noteOf([name, value]: [string, FormDataEntryValue]): [string, string] {
  return [name, typeof value === "string" ? value : value.name];
}
