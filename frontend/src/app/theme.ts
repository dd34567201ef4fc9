/** Colours, type and defaults of all components; one place, so that light and dark stay readable. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const leaf: MantineColorsTuple = [
  "#eaf6ee",
  "#d5eadc",
  "#aad5b9",
  "#7cbf94",
  "#56ac75",
  "#3f9a61",
  "#2f8552",
  "#237045",
  "#1a5c38",
  "#0f462a",
];

export const theme = createTheme({
  primaryColor: "leaf",
  primaryShade: { light: 7, dark: 7 },
  colors: { leaf },
  defaultRadius: "md",
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "1.6rem" }, h2: { fontSize: "1.2rem" } } },
  cursorType: "pointer",
  components: {
    // Mantine's own colour of these titles is too light on their ground.
    Alert: { styles: { title: { color: "var(--mantine-color-text)" } } },
    Loader: { defaultProps: { role: "status" } }, // Without a role it must not have a label.
    // The head of a dialog is no landmark of the page, whatever element it is.
    Modal: { defaultProps: { attributes: { header: { role: "presentation" } } } },
  },
});

/** Mantine's own dimmed, disabled and error colours fall short of 4.5 to 1 on our grounds. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#4b5563",
    "--mantine-color-placeholder": "#5f6875",
    "--mantine-color-disabled-color": "#5f6875",
    "--mantine-color-error": "#b42318",
    "--mantine-color-anchor": "#1a5c38",
    "--mantine-color-body": "#fbfcfb",
    "--page-panel": "#ffffff",
    "--page-line": "#dfe4e0",
    "--page-hover": "#f0f4f1",
    "--page-selected": "#dcefe3",
    "--page-mark": "#fff0b3",
    "--page-doubt": "#a15c00",
  },
  dark: {
    "--mantine-color-dimmed": "#a8b0bd",
    "--mantine-color-placeholder": "#98a1ae",
    "--mantine-color-disabled-color": "#a8b0bd",
    "--mantine-color-error": "#ff9a8f",
    "--mantine-color-anchor": "#8fd0a8",
    "--mantine-color-body": "#161a18",
    "--page-panel": "#1e2421",
    "--page-line": "#343d38",
    "--page-hover": "#27302b",
    "--page-selected": "#24402f",
    "--page-mark": "#5c4a00",
    "--page-doubt": "#f0b45c",
  },
});
