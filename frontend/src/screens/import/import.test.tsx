import { serve, writes } from "../../test/fake-server";
import { showPage } from "../../test/show-page";

import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { makeCorpus, makeJob } from "../../test/factories";

const JOB = makeJob({
  kind: "import_file",
  state: "succeeded",
  stage: "read",
  result: { taken: 1, merged: 0, rejected: 1 },
});
const ROW = { record: 2, line: 7, outcome: "rejected", source_id: null, duplicate_of: null };
const ROUTES = {
  "GET /api/v1/corpora/c": { json: makeCorpus({ n_papers: 0 }) },
  "GET /api/v1/jobs": { json: { items: [], next_cursor: null } },
  "POST /api/v1/corpora/c/imports": { status: 202, json: JOB },
  "POST /api/v1/corpora/c/imports/preview": {
    json: {
      counts: { taken: 9, merged: 1, rejected: 1 },
      is_whole: true,
      n_without_abstract: 2,
      records: [],
      rejected: [{ record: 3, line: 12, outcome: "rejected", reason: "It has no title" }],
    },
  },
};
const sent = () => writes().filter((one) => !one.route.endsWith("/preview"));

const choose = async (...files: File[]) =>
  userEvent.upload(await screen.findByLabelText("Files of references"), files);

describe("Import", () => {
  it("sends what can be read, and says of the rest why not", async () => {
    serve(ROUTES);
    showPage("/corpora/c/import");
    await choose(new File(["TY  - JOUR\nTI  - A\nER  -"], "a.txt"), new File(["%PDF-1.7"], "b.pdf"));
    expect(await screen.findByText(/A PDF is not read/)).toBeVisible();
    expect(await screen.findByText(/Would bring 9 papers, merge 1 .*, reject 1. 2 papers/)).toBeVisible();
    expect(screen.getByText("Line 12: It has no title")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Bring in 1 file" }));
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]?.body).toBe('[["file","a.txt"]]');
  });

  it("wants to know the column of the titles, and sends the columns that were chosen", async () => {
    serve(ROUTES);
    showPage("/corpora/c/import");
    await choose(new File(["Name of it,DOI\nA <b>title</b>,10.1/x\n"], "a.csv"));
    expect(await screen.findByText("Choose the column that holds the titles.")).toBeVisible();
    expect(screen.getByText("A <b>title</b>")).toBeVisible();
    await userEvent.click(screen.getByRole("combobox", { name: /Title/ }));
    await userEvent.click(await screen.findByRole("option", { name: "Name of it" }));
    await userEvent.click(screen.getByRole("button", { name: "Bring in 1 file" }));
    await waitFor(() => expect(sent()).toHaveLength(1));
    const form = new Map(JSON.parse(sent()[0]?.body ?? "") as [string, string][]);
    expect(JSON.parse(form.get("mapping") ?? "")).toEqual({ title: "Name of it", doi: "DOI" });
  });

  it("keeps a file that could not be sent, with the reason", async () => {
    const full = { status: 507, json: { title: "The disk is full", status: 507 } };
    serve({ ...ROUTES, "POST /api/v1/corpora/c/imports": full });
    showPage("/corpora/c/import");
    await choose(new File(["TY  - JOUR\nTI  - A\nER  -"], "a.ris"));
    await userEvent.click(await screen.findByRole("button", { name: "Bring in 1 file" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(/Not sent. The disk is full/);
    expect(screen.getByRole("button", { name: "Bring in 1 file" })).toBeEnabled();
  });

  it("reports what became of each record, by line", async () => {
    const report = { job_id: "j", file_name: "a.ris", sha256: "", counts: {}, next_cursor: null };
    serve({
      ...ROUTES,
      "GET /api/v1/corpora/c": { json: makeCorpus({ n_papers: 1 }) },
      "GET /api/v1/jobs": { json: { items: [JOB], next_cursor: null } },
      "GET /api/v1/jobs/j": { json: JOB },
      "GET /api/v1/jobs/j/report": {
        json: { ...report, rows: [{ ...ROW, title: "<img src=x>", reason: "It has no title" }] },
      },
    });
    showPage("/corpora/c/import?report=j");
    const row = await screen.findByRole("row", { name: /It has no title/ });
    expect(within(row).getByText("7")).toBeVisible();
    expect(within(row).getByText("<img src=x>")).toBeVisible();
    expect(screen.getByRole("button", { name: "Find the topics" })).toBeEnabled();
  });
});
