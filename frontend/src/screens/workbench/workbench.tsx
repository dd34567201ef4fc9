/** Tree, papers and details of a corpus, side by side. */
export function Workbench() {
  return <h1>Topics</h1>;
}
