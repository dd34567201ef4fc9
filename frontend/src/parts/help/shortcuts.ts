/** The keys, by where they work. */
export interface Shortcut {
  /** Keys that are pressed together; several ways to do the same are given one after the other. */
  keys: readonly string[][];
  does: string;
}

export interface ShortcutGroup {
  where: string;
  shortcuts: readonly Shortcut[];
}

const one = (keys: string, does: string): Shortcut => ({
  keys: keys.split(" or ").map((way) => way.split("+")),
  does,
});

export const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    where: "Everywhere",
    shortcuts: [one("?", "Show these keys"), one("Esc", "Close what is open")],
  },
  {
    where: "On every screen of a corpus",
    shortcuts: [one("/ or Ctrl+K", "Search the papers")],
  },
  {
    where: "In the review queue",
    shortcuts: [
      one("1 or 2 or 3 or 4 or 5", "Move the paper to the topic of this number"),
      one("Enter", "Keep it where it stands"),
      one("X", "Mark its place as wrong"),
      one("M", "Move it to any topic"),
      one("S", "Leave it for later"),
      one("U", "Undo the last answer"),
    ],
  },
  {
    where: "Where topics are corrected",
    shortcuts: [one("Ctrl+Z", "Undo the last change"), one("Ctrl+Shift+Z", "Do again what was undone")],
  },
  {
    where: "In the tree of topics",
    shortcuts: [
      one("↑ or ↓", "Go to the topic above or below"),
      one("→ or ←", "Unfold or fold; go in or out"),
      one("Enter", "Choose the topic"),
      one("Shift+↑ or Shift+↓", "Choose several"),
      one("F2", "Rename"),
      one("M", "Move to another topic"),
      one("G", "Merge the chosen topics"),
      one("S", "Split into parts"),
      one("N", "Make a new topic below"),
      one("L", "Lock or unlock"),
      one("Delete", "Delete the topic; its papers stay"),
      one("Ctrl+Shift+D", "Carry it with the arrow keys; Enter puts it down"),
    ],
  },
  {
    where: "In the list of papers",
    shortcuts: [
      one("↑ or ↓", "Go to the paper above or below"),
      one("Space", "Choose the paper, or no longer"),
      one("Shift+↑ or Shift+↓", "Choose several"),
      one("Ctrl+A", "Choose all of the list"),
      one("M", "Move the chosen papers to a topic"),
      one("Esc", "Choose none"),
    ],
  },
];
