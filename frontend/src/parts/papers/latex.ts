/** LaTeX in titles and abstracts as text that can be read: formulas in Unicode, commands left out. */

// prettier-ignore
const SYMBOLS: Record<string, string> = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", varepsilon: "ε", zeta: "ζ", eta: "η",
  theta: "θ", vartheta: "ϑ", iota: "ι", kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π",
  rho: "ρ", sigma: "σ", tau: "τ", upsilon: "υ", phi: "φ", varphi: "φ", chi: "χ", psi: "ψ", omega: "ω",
  Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Xi: "Ξ", Pi: "Π", Sigma: "Σ", Phi: "Φ", Psi: "Ψ",
  Omega: "Ω", times: "×", cdot: "·", cdots: "⋯", ldots: "…", dots: "…", pm: "±", mp: "∓", leq: "≤", le: "≤",
  geq: "≥", ge: "≥", neq: "≠", ne: "≠", approx: "≈", sim: "~", simeq: "≃", equiv: "≡", propto: "∝", ll: "≪",
  gg: "≫", infty: "∞", partial: "∂", nabla: "∇", sum: "∑", prod: "∏", int: "∫", in: "∈", notin: "∉",
  subset: "⊂", subseteq: "⊆", cup: "∪", cap: "∩", emptyset: "∅", forall: "∀", exists: "∃", to: "→",
  rightarrow: "→", leftarrow: "←", leftrightarrow: "↔", Rightarrow: "⇒", mapsto: "↦", langle: "⟨",
  rangle: "⟩", ell: "ℓ", hbar: "ℏ", dagger: "†", circ: "∘", degree: "°", star: "⋆", ast: "∗", odot: "⊙",
  oplus: "⊕", otimes: "⊗", perp: "⊥", parallel: "∥", prime: "′", mid: "|", lesssim: "≲", gtrsim: "≳",
  quad: " ", qquad: " ", log: "log", ln: "ln", exp: "exp", sin: "sin", cos: "cos", max: "max", min: "min",
  S: "§", ss: "ß", o: "ø", O: "Ø", ae: "æ", AE: "Æ", aa: "å", AA: "Å", l: "ł", L: "Ł", i: "ı",
};

const ACCENTS: Record<string, string> = {
  "'": "\u0301",
  "`": "\u0300",
  "^": "\u0302",
  '"': "\u0308",
  "~": "\u0303",
  "=": "\u0304",
  ".": "\u0307",
  c: "\u0327",
  v: "\u030c",
  u: "\u0306",
  H: "\u030b",
  k: "\u0328",
  r: "\u030a",
};

const RAISED = new Map(
  [..."0123456789+-=()ni"].map((sign, at) => [sign, [..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"][at] as string]),
);
const LOWERED = new Map(
  [..."0123456789+-=()"].map((sign, at) => [sign, [..."₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"][at] as string]),
);

/** Give a text in which no LaTeX is left that hinders reading. Text without LaTeX stays as it is. */
export function readable(text: string): string {
  if (!/[\\${}]|\^|~|_\{/.test(text)) {
    return text;
  }
  let found = text.replace(/\\([$%&#_{}])/g, (_, sign: string) => `\uE000${sign.charCodeAt(0)}\uE000`);
  found = accents(found).replace(/\\\\|\\[,;:! ]|~/g, " ");
  found = found
    .replace(/\$\$?([^$]*)\$\$?/g, (_, formula: string) => readFormula(formula))
    .replace(/\\\(([\s\S]*?)\\\)/g, (_, formula: string) => readFormula(formula))
    .replace(/\\\[([\s\S]*?)\\\]/g, (_, formula: string) => readFormula(formula));
  found = commands(found).replace(/[{}]/g, "");
  return found.replace(/\uE000(\d+)\uE000/g, (_, code: string) => String.fromCharCode(Number(code)));
}

function readFormula(formula: string): string {
  const read = commands(formula)
    .replace(/\^\s*(\{[^{}]*\}|\S)/g, (_, part: string) => script(part, RAISED, "^"))
    .replace(/_\s*(\{[^{}]*\}|\S)/g, (_, part: string) => script(part, LOWERED, "_"));
  return read.replace(/[{}]/g, "").replace(/\s+/g, " ").trim();
}

function script(part: string, signs: Map<string, string>, mark: string): string {
  const plain = part.replace(/[{}]/g, "").trim();
  const found = [...plain].map((sign) => signs.get(sign));
  if (found.every((sign) => sign !== undefined)) {
    return found.join("");
  }
  return plain.length === 1 ? `${mark}${plain}` : `${mark}(${plain})`;
}

function commands(text: string): string {
  return text
    .replace(/\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "$1/$2")
    .replace(/\\sqrt\s*\{([^{}]*)\}/g, "√($1)")
    .replace(/\\(?:left|right|big|Big|bigl|bigr)(?![A-Za-z])/g, "")
    .replace(/\\([A-Za-z]+)(\s*)/g, (_, name: string, gap: string) => {
      const symbol = SYMBOLS[name];
      return symbol === undefined ? "" : symbol + gap;
    });
}

function accents(text: string): string {
  return text
    .replace(/\{?\\(['`^"~=.])\s*\{?\\?([A-Za-z])\}?\}?/g, (_, mark: string, letter: string) =>
      (letter + ACCENTS[mark]).normalize("NFC"),
    )
    .replace(
      /\{?\\([cvuHkr])(?:\{([A-Za-z])\}|\s+([A-Za-z]))\}?/g,
      (_, mark: string, one?: string, other?: string) => `${one ?? other}${ACCENTS[mark]}`.normalize("NFC"),
    );
}
