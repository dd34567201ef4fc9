/** A request to the API, written for people who want to make it from a program. */
export interface Call {
  method: "GET" | "POST" | "DELETE";
  /** Begins with /api/v1. */
  path: string;
  json?: unknown;
  /** Sent as a form, as files are. */
  form?: Record<string, string>;
  /** Name of the file that is sent with the form, as `file`. */
  file?: string;
  headers?: Record<string, string>;
  /** Name of the file the answer is kept in, where it is one. */
  saveAs?: string;
}

const KEY = "PAPERTREE_KEY";

export function writeCurl(call: Call, server: string): string {
  const lines = [`curl -X ${call.method} ${shellQuote(server + call.path)}`];
  lines.push(`  -H "Authorization: Bearer $${KEY}"`);
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    lines.push(`  -H ${shellQuote(`${name}: ${value}`)}`);
  }
  if (call.json !== undefined) {
    lines.push("  -H 'Content-Type: application/json'", `  -d ${shellQuote(JSON.stringify(call.json))}`);
  }
  if (call.file !== undefined) {
    // Quotation marks within: curl reads a comma or semicolon in a bare name as the end of it.
    lines.push(`  -F ${shellQuote(`file=@"${call.file.replace(/["\\]/g, "\\$&")}"`)}`);
  }
  for (const [name, value] of Object.entries(call.form ?? {})) {
    lines.push(`  --form-string ${shellQuote(`${name}=${value}`)}`);
  }
  if (call.saveAs !== undefined) {
    lines.push(`  -f -o ${shellQuote(call.saveAs)}`);
  }
  return lines.join(" \\\n");
}

export function writePython(call: Call, server: string): string {
  const headers = Object.entries(call.headers ?? {}).map(
    ([name, value]) => `, ${pythonValue(name)}: ${pythonValue(value)}`,
  );
  const lines = [
    "import os",
    "import requests",
    "",
    `answer = requests.${call.method.toLowerCase()}(`,
    `    ${pythonValue(server + call.path)},`,
    `    headers={"Authorization": "Bearer " + os.environ["${KEY}"]${headers.join("")}},`,
  ];
  if (call.json !== undefined) {
    lines.push(`    json=${pythonValue(call.json)},`);
  }
  if (call.form && Object.keys(call.form).length > 0) {
    lines.push(`    data=${pythonValue(call.form)},`);
  }
  if (call.file !== undefined) {
    lines.push(`    files={"file": open(${pythonValue(call.file)}, "rb")},`);
  }
  lines.push(")", "answer.raise_for_status()");
  if (call.saveAs !== undefined) {
    lines.push(`with open(${pythonValue(call.saveAs)}, "wb") as file:`, "    file.write(answer.content)");
  } else if (call.method !== "DELETE") {
    lines.push("print(answer.json())");
  }
  return lines.join("\n");
}

export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A JSON value as Python writes it. */
export function pythonValue(value: unknown): string {
  if (value === null || value === undefined) {
    return "None";
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  if (Array.isArray(value)) {
    return `[${value.map(pythonValue).join(", ")}]`;
  }
  if (typeof value === "object") {
    const members = Object.entries(value).map(
      ([name, member]) => `${pythonValue(name)}: ${pythonValue(member)}`,
    );
    return `{${members.join(", ")}}`;
  }
  return JSON.stringify(value);
}
