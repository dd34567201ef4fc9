/** What to do about a job that failed, by the problem it ended with. */
import type { Schemas } from "../api/client";

const BY_SLUG: Record<string, string> = {
  "not-a-bibliography":
    "Export the references as RIS, BibTeX, CSV, PubMed (nbib) or JSON, and bring that file in.",
  "empty-file": "Look whether the export was cut off, and bring the file in again.",
  "no-title-column": "Bring the file in again and say which column holds the titles.",
  "unknown-column": "Bring the file in again and choose the columns from the list.",
  "unknown-format": "Bring the file in again and choose its format from the list.",
  "damaged-file": "The packed file is broken: copy it once more, or send it unpacked.",
  "archive-refused": "Unpack it, and bring the files in one by one.",
  "unpacked-too-large": "Cut the file into smaller ones.",
  "upload-gone": "Send the file again.",
  "no-space": "Free space on the server's disk, then ask again: it goes on from where it was.",
  "job-keeps-crashing": "Try once more; if it stops at the same place, the server's log says why.",
  "vectors-unfit": "Delete or mend the paper that is named here, then try again.",
  "unusable-vectors": "Bring in papers with abstracts, then try again.",
};

export function adviceOn(job: Schemas["JobOut"]): string {
  const slug = String(job.problem?.type ?? "").replace(/^urn:papertree:/, "");
  const kept = job.kind === "import_file" ? "" : " The topics you had are unchanged.";
  return (
    (BY_SLUG[slug] ?? "Try again. If it fails again, the server's log has it under the number of this job.") +
    kept
  );
}
