import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["static", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  hooks.configs.flat["recommended-latest"],
  {
    rules: {
      "max-lines": ["error", { max: 500 }],
      // Components are mostly markup: a function may be longer than in Python, and is looked at from here on.
      "max-lines-per-function": ["error", { max: 90, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      // Virtual lists are made of functions that must not be memoized, and are not.
      "react-hooks/incompatible-library": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "What people imported is text, never markup.",
        },
        {
          selector: "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]",
          message: "What people imported is text, never markup.",
        },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["src/parts/**", "src/api/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/screens/*"] }] },
  },
  {
    files: ["src/screens/*/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["../../screens/*", "../../../screens/*"] }] },
  },
  {
    files: ["**/*.test.{ts,tsx}", "journeys/**"],
    rules: { "max-lines-per-function": "off", "no-console": "off" },
    languageOptions: {
      globals: {
        process: "readonly",
        window: "readonly",
        document: "readonly",
        performance: "readonly",
        console: "readonly",
        requestAnimationFrame: "readonly",
        innerWidth: "readonly",
        fetch: "readonly",
        FormData: "readonly",
        Blob: "readonly",
        URL: "readonly",
        crypto: "readonly",
      },
    },
  },
);
