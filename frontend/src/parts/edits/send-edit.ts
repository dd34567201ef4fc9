/** The request that an edit is. */
import { api, body } from "../../api/client";
import type { Edit } from "./edit";
import type { Saved } from "./edit-queue";

export async function sendEdit(edit: Edit): Promise<Saved> {
  const params = {
    path: { hierarchy_id: edit.hierarchyId },
    header: { "If-Match": `"${edit.basedOn}"`, "Idempotency-Key": edit.key },
  };
  switch (edit.step.kind) {
    case "correct": {
      const asked = { operations: edit.step.operations };
      return body(await api.POST("/api/v1/hierarchies/{hierarchy_id}/corrections", { params, body: asked }));
    }
    case "undo":
    case "redo": {
      const { kind, operation_id } = edit.step;
      return body(
        await api.POST(`/api/v1/hierarchies/{hierarchy_id}/${kind}`, { params, body: { operation_id } }),
      );
    }
  }
}
