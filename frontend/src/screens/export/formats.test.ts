import { describe, expect, it } from "vitest";

import { writeCurl, writePython } from "../../parts/api-call/call";
import { HIERARCHY_FORMATS, hierarchyPath, PAPER_FORMATS, papersPath } from "./formats";

describe("the exports", () => {
  it("offer every format the API writes, each with what it is for", () => {
    expect(PAPER_FORMATS.map((format) => format.id)).toEqual(["ris", "bibtex", "csl-json", "csv", "jsonl"]);
    expect(HIERARCHY_FORMATS.map((format) => format.id).sort()).toEqual(
      ["json", "skos-turtle", "skos-jsonld", "csv", "markdown", "graphml", "html"].sort(),
    );
    for (const { purpose } of [...PAPER_FORMATS, ...HIERARCHY_FORMATS]) {
      expect(purpose).toMatch(/\.$/);
    }
  });

  it("are of the whole corpus, or of a topic", () => {
    expect(papersPath("c", "ris")).toBe("/api/v1/corpora/c/export?format=ris");
    expect(papersPath("c", "ris", "h", "t")).toBe("/api/v1/corpora/c/export?format=ris&hierarchy=h&topic=t");
    expect(hierarchyPath("h", "html")).toBe("/api/v1/hierarchies/h/export?format=html");
  });

  it("are kept in a file by a program, too", () => {
    const call = { method: "GET" as const, path: papersPath("c", "csv"), saveAs: "papers.csv" };
    expect(writeCurl(call, "http://localhost")).toContain("-f -o 'papers.csv'");
    expect(writePython(call, "http://localhost")).toMatch(/open\("papers.csv", "wb"\)[^]*answer\.content/);
  });
});
