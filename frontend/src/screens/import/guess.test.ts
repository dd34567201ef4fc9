import { describe, expect, it } from "vitest";

import { guessFormat, PACKED, readBeginning } from "./guess";

describe("guessFormat", () => {
  it.each([
    ["TY  - JOUR\nTI  - A\nER  - \n", "ris"],
    ["Record 1\n\nTY  - JOUR\nTI  - A\n", "ris"],
    ["@article{a,\n title = {A}}", "bibtex"],
    ["PMID- 1\nTI  - A\n", "nbib"],
    ['[{"title": "A"}]', "csl-json"],
    ['{"title": "A"}\n{"title": "B"}\n', "jsonl"],
    ['{\n  "items": []\n}', "csl-json"],
    ["title,abstract\nA,B\n", "csv"],
    ["Title;Abstract\nA;B\n", "csv"],
    ["Title\tAbstract\nA\tB\n", "tsv"],
  ])("knows %j", (text, format) => {
    expect(guessFormat(text)).toMatchObject({ format, isHopeless: false });
  });

  it.each(["", " \n\ufeff", "%PDF-1.7", "<!DOCTYPE html><p>", "<xml>", "PK\u0003\u0004"])(
    "says what to do instead of sending %j",
    (text) => {
      const guess = guessFormat(text);
      expect(guess.isHopeless).toBe(true);
      expect(guess.note).toMatch(/\.$/);
    },
  );

  it("leaves to the person what it does not know", () => {
    expect(guessFormat("Some words, on one line")).toMatchObject({ format: null, isHopeless: false });
  });
});

describe("readBeginning", () => {
  it("reads UTF-16", async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x54, 0, 0x59, 0]);
    expect(await readBeginning(new File([bytes], "a"))).toBe("TY");
  });

  it("tells what is packed", async () => {
    expect(await readBeginning(new File([new Uint8Array([0x1f, 0x8b, 8])], "a.gz"))).toBe(PACKED);
  });
});
