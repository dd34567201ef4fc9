import { describe, expect, it } from "vitest";

import { guessMapping, readTable } from "./table";

describe("readTable", () => {
  it("reads cells that hold delimiters, quotation marks and line ends", () => {
    const table = readTable('title,abstract\n"A, ""B""","one\ntwo"\n');
    expect(table).toMatchObject({ names: ["title", "abstract"], rows: [['A, "B"', "one\ntwo"]] });
  });

  it("passes over what an export says of itself", () => {
    const table = readTable("Exported 2026\n\nTitle;Year\nA;2020\n");
    expect(table).toMatchObject({ delimiter: ";", names: ["Title", "Year"], rows: [["A", "2020"]] });
  });

  it("shows five rows at most, each as long as the header", () => {
    const table = readTable("title,year\n" + "A\n".repeat(0) + "A,1\n".repeat(9));
    expect(table?.rows).toHaveLength(5);
    expect(readTable("title,year,doi\nA,1\n")?.rows).toEqual([["A", "1", ""]]);
  });

  it("numbers columns of one name", () => {
    expect(readTable("title,note,note\nA,b,c\n")?.names).toEqual(["title", "note", "note (2)"]);
  });

  it.each(["", "one line", "no delimiter\nat all\n"])("is no table: %j", (text) => {
    expect(readTable(text)).toBeNull();
  });
});

describe("guessMapping", () => {
  it("finds the usual names, whatever their case and punctuation", () => {
    expect(guessMapping(["Article_Title", "DOI", "Whatever"])).toEqual({
      title: "Article_Title",
      doi: "DOI",
    });
  });
});
