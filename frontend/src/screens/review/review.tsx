/** The review queue: the papers whose place is most in doubt, one at a time. */
import { Loader, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";

import { corpusQuery } from "../../api/queries";
import { ProblemView } from "../../app/problem-view";
import { CorrectProvider } from "../../parts/correct/correct-provider";
import type { Hierarchy } from "../../parts/edits/edit";
import { useShownHierarchy } from "../../parts/edits/use-edits";
import { countOf } from "../../parts/numbers";
import { useTitle } from "../../parts/use-title";
import { Card } from "./card";
import { isNotScored, reviewQuery } from "./queries";
import classes from "./review.module.css";
import { NothingToReview, useScoring } from "./scores";
import { useQueue } from "./use-queue";

export function Review() {
  const { corpusId } = useParams({ from: "/corpora/$corpusId/review" });
  const { h } = useSearch({ from: "/corpora/$corpusId/review" });
  const corpus = useQuery(corpusQuery(corpusId)).data;
  useTitle(corpus ? `Review · ${corpus.name}` : "Review");
  if (!corpus) {
    return null; // The frame says that it is being opened, or what went wrong.
  }
  const built = corpus.hierarchies ?? [];
  const shown = built.find((one) => one.id === h) ?? built.find((one) => one.facet === "topic") ?? built[0];
  if (!shown) {
    return (
      <div className={classes.none}>
        <Title order={1}>Nothing to review yet</Title>
        <Text mt="xs">
          Papers can be in doubt once there are topics.{" "}
          <Link to="/corpora/$corpusId" params={{ corpusId }}>
            Find the topics
          </Link>
          .
        </Text>
      </div>
    );
  }
  return <OneReview key={shown.id} hierarchyId={shown.id} />;
}

export function OneReview({ hierarchyId }: { hierarchyId: string }) {
  const { shown, error, refetch } = useShownHierarchy(hierarchyId);
  if (!shown) {
    return error ? (
      <ProblemView error={error} retry={() => void refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading the topics" />
    );
  }
  return <Doubts hierarchy={shown} />;
}

function Doubts({ hierarchy }: { hierarchy: Hierarchy }) {
  const review = useQuery(reviewQuery(hierarchy.id));
  const job = useScoring(hierarchy.corpus_id, hierarchy.id);
  const queue = useQueue(review.data?.items ?? [], review.isFetching);
  const { data } = review;
  const shared = { hierarchyId: hierarchy.id, job };
  if (!data) {
    if (isNotScored(review.error)) {
      return (
        <NothingToReview {...shared} title="Nobody has looked yet" verb="Look for doubtful papers">
          <Text>Papers are put in order of doubt: those that are most worth your answer come first.</Text>
        </NothingToReview>
      );
    }
    return review.error ? (
      <ProblemView error={review.error} retry={() => void review.refetch()} />
    ) : (
      <Loader m="lg" aria-label="Reading what is in doubt" />
    );
  }
  return (
    <CorrectProvider hierarchy={hierarchy} onMade={queue.note}>
      {queue.current ? (
        <Card hierarchy={hierarchy} item={queue.current} queue={queue} />
      ) : (
        <NothingToReview {...shared} title="Nothing is in doubt" verb="Look again">
          <Text>
            {queue.answered.length > 0 ? `You answered ${countOf(queue.answered.length, "paper")}. ` : ""}
            Every paper that was in doubt has been answered, moved or locked. Your answers are learnt from by
            themselves; look again to see what is in doubt after that.
          </Text>
        </NothingToReview>
      )}
    </CorrectProvider>
  );
}
