/** Papers on their way from a list to a topic. */

export const PAPERS_FORMAT = "application/x-papertree-papers";

export interface DraggedPapers {
  /** Paper id to the topic it stands in first, or null. */
  papers: Record<string, string | null | undefined>;
}

export function writeDraggedPapers(data: DataTransfer, dragged: DraggedPapers): void {
  data.setData(PAPERS_FORMAT, JSON.stringify(dragged));
  data.effectAllowed = "move";
}

/** Read what was dropped; null when it is something else. */
export function readDraggedPapers(data: DataTransfer): DraggedPapers | null {
  try {
    const dragged = JSON.parse(data.getData(PAPERS_FORMAT)) as DraggedPapers;
    return Object.keys(dragged.papers).length > 0 ? dragged : null;
  } catch {
    return null;
  }
}
