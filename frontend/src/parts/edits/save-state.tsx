/** Says whether all edits are saved. */
export function SaveState() {
  return null;
}
