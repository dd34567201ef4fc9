/** What a screen reader hears while a topic is moved by keyboard. */
import { AssistiveDndState, type DndState } from "@headless-tree/core";

export function tellDrag<T>(dnd: DndState<T> | null | undefined, state: AssistiveDndState): string {
  const names = dnd?.draggedItems?.map((item) => item.getItemName()).join(", ") ?? "";
  const place = dnd?.dragTarget ? `under ${dnd.dragTarget.item.getItemName()}` : "nowhere yet";
  switch (state) {
    case AssistiveDndState.Started:
      return `Moving ${names}. ${place}. Arrow up and down choose the place, Enter drops, Escape stops.`;
    case AssistiveDndState.Dragging:
      return place;
    case AssistiveDndState.Completed:
      return "Dropped.";
    case AssistiveDndState.Aborted:
      return "Not moved.";
    default:
      return "F2 renames, Control Shift D moves by arrows, M moves by name.";
  }
}
