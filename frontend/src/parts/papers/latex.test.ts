import { describe, expect, it } from "vitest";

import { readable } from "./latex";

describe("readable", () => {
  it.each([
    ["No formula here, costs 5% less.", "No formula here, costs 5% less."],
    ["decays as $x^{2}$ with $\\alpha = 0.5$", "decays as x² with α = 0.5"],
    ["H$_2$O and 10$^{-3}$", "H₂O and 10⁻³"],
    ["$\\mathcal{N}=4$ theory", "N=4 theory"],
    ["a \\textit{very} \\textbf{bold} claim", "a very bold claim"],
    ["$z \\sim 7$, $M_{\\rm halo} \\gtrsim 10^{12} M_\\odot$", "z ~ 7, M_(halo) ≳ 10¹² M_⊙"],
    ["Schr\\\"{o}dinger and Fran\\c{c}ois, \\'etale", "Schrödinger and François, étale"],
    ["$\\frac{1}{2}$ of 30\\% \\& more", "1/2 of 30% & more"],
    ["{BERT} and {GPT}", "BERT and GPT"],
    ["\\(a \\leq b\\)", "a ≤ b"],
  ])("reads %s", (given, read) => {
    expect(readable(given)).toBe(read);
  });

  it("leaves markup as the text it is", () => {
    expect(readable("<img src=x onerror=alert(1)>")).toBe("<img src=x onerror=alert(1)>");
  });

  it("ends for any text", () => {
    expect(readable("$".repeat(2001) + "{\\".repeat(2000) + "^_".repeat(2000))).toBeTypeOf("string");
  });
});
