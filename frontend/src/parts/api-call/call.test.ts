import { execFileSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { pythonValue, shellQuote, writeCurl, writePython } from "./call";

const SERVER = "http://127.0.0.1:8000";
const NASTY = `it's "$HOME" \`id\` \\ é \u202e`;

describe("writeCurl", () => {
  it("writes a request with the key taken from the environment", () => {
    const text = writeCurl({ method: "POST", path: "/api/v1/corpora", json: { name: "x" } }, SERVER);
    expect(text).toContain("curl -X POST 'http://127.0.0.1:8000/api/v1/corpora'");
    expect(text).toContain('-H "Authorization: Bearer $PAPERTREE_KEY"');
    expect(text).toContain(`-d '{"name":"x"}'`);
  });

  it("writes nothing that a shell would run or change", () => {
    const written = execFileSync("sh", ["-c", `printf %s ${shellQuote(NASTY)}`]).toString();
    expect(written).toBe(NASTY);
  });

  it("sends files as a form", () => {
    const text = writeCurl({ method: "POST", path: "/x", file: "a.ris", form: { format: "ris" } }, SERVER);
    expect(text).toContain(`-F 'file=@"a.ris"'`);
    expect(text).toContain("--form-string 'format=ris'");
  });
});

describe("writePython", () => {
  it("writes JSON as Python", () => {
    expect(pythonValue({ a: [null, true, false, 1.5, NASTY] })).toBe(
      `{"a": [None, True, False, 1.5, ${JSON.stringify(NASTY)}]}`,
    );
  });

  it("reads no answer of a deletion, which has none", () => {
    expect(writePython({ method: "DELETE", path: "/x" }, SERVER)).not.toContain("print");
  });
});
