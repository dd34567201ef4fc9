/** Every file that was sent to the corpus, the newest first, and what to do next. */
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { isOver } from "../../api/job-stream";
import { corpusQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { ApiCall } from "../../parts/api-call/api-call";
import { askForBuild } from "../../parts/corpus-requests";
import { countOf } from "../../parts/numbers";
import classes from "./import.module.css";
import { PastImport } from "./past-import";
import { importsQuery } from "./queries";

interface Props {
  corpusId: string;
  /** The jobs of the files sent since this page was opened. */
  sent: readonly string[];
  hasWaiting: boolean;
}

export function PastImports({ corpusId, sent, hasWaiting }: Props) {
  const client = useQueryClient();
  const imports = useQuery(importsQuery(corpusId));
  if (imports.isError && !imports.data) {
    return <ProblemView error={imports.error} retry={() => void imports.refetch()} />;
  }
  const jobs = imports.data ?? [];
  if (jobs.length === 0) {
    return null;
  }
  const readAnew = () => {
    void client.invalidateQueries({ queryKey: importsQuery(corpusId).queryKey });
    void client.invalidateQueries({ queryKey: corpusQuery(corpusId).queryKey });
    void client.invalidateQueries({ queryKey: ["corpora"] });
  };
  return (
    <>
      {!hasWaiting && <WhatNext corpusId={corpusId} isReading={jobs.some((job) => !isOver(job))} />}
      <section aria-labelledby="sent-files">
        <Title order={2} id="sent-files" mb="xs">
          Files sent to this corpus
        </Title>
        <ul className={classes.plain}>
          {jobs.map((job) => (
            <li key={job.id}>
              <PastImport jobId={job.id} isNew={sent.includes(job.id)} onEnd={readAnew} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function WhatNext({ corpusId, isReading }: { corpusId: string; isReading: boolean }) {
  const navigate = useNavigate();
  const corpus = useQuery(corpusQuery(corpusId)).data;
  const build = useMutation({
    mutationFn: () => askForBuild(corpusId),
    onSuccess: (job) => navigate({ to: "/jobs/$jobId", params: { jobId: job.id } }),
  });
  if (!corpus || corpus.n_papers === 0 || isReading) {
    return null;
  }
  const isBuilt = (corpus.hierarchies?.length ?? 0) > 0;
  const asked = { facet: "topic", seed: 0, labels: "auto" };
  return (
    <div className={classes.next}>
      <Stack gap="xs">
        <Text>
          {isBuilt
            ? `The corpus has ${countOf(corpus.n_papers, "paper")}. Find the topics anew so that those that came since have a place; what you corrected stays.`
            : `${countOf(corpus.n_papers, "paper")} wait to be arranged.`}
        </Text>
        <Group>
          <Button onClick={() => build.mutate()} loading={build.isPending}>
            {isBuilt ? "Find the topics anew" : "Find the topics"}
          </Button>
          {isBuilt && (
            <Button component={Link} to={`/corpora/${corpusId}`} variant="default">
              See the topics
            </Button>
          )}
          <ApiCall call={{ method: "POST", path: `/api/v1/corpora/${corpusId}/hierarchies`, json: asked }} />
        </Group>
        {build.error && <ProblemView error={build.error} />}
      </Stack>
    </div>
  );
}
