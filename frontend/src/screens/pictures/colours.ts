/** What the colours of a picture mean, as scales that are read on light and dark ground alike. */
import type { Schemas } from "../../api/client";
import type { Topic } from "../../parts/edits/edit";
import { countOf, percent } from "../../parts/numbers";
import type { ColourBy } from "./view";

type Rgb = readonly [number, number, number];

const GREENS: readonly Rgb[] = [
  [234, 246, 238],
  [124, 191, 148],
  [26, 92, 56],
];
const AMBERS: readonly Rgb[] = [
  [243, 240, 233],
  [240, 180, 92],
  [140, 62, 0],
];
/** Blue to orange: told apart by those who do not tell red from green. */
const BOTH_WAYS: readonly Rgb[] = [
  [33, 84, 145],
  [240, 240, 238],
  [178, 77, 0],
];
const UNKNOWN = "#d5d8d6";

export interface Scale {
  fill: (topic: Topic) => string;
  /** What is said of a topic beside its count. */
  tell: (topic: Topic) => string;
  /** What the lowest and the highest colour mean, with colours between them. */
  legend: { low: string; high: string; swatches: string[] };
}

export interface Growth {
  recent: number;
  before: number;
  /** Each of the two spans, in years. */
  span: number;
}

const LONGEST_SPAN = 5;
/** Growth of four times and more has the last colour. */
const STEEPEST = 2;

/** The papers of the last years beside those of as many years before; null where there are no two years. */
export function growthOf(counts: readonly number[] | undefined): Growth | null {
  const span = Math.min(LONGEST_SPAN, Math.floor((counts?.length ?? 0) / 2));
  if (!counts || span === 0) {
    return null;
  }
  const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0);
  return { recent: sum(counts.slice(-span)), before: sum(counts.slice(-2 * span, -span)), span };
}

export function makeScale(
  by: ColourBy,
  topics: readonly Topic[],
  years: Schemas["YearsOut"] | undefined,
): Scale {
  if (by === "doubt") {
    return makeDoubtScale(topics);
  }
  return by === "growth" ? makeGrowthScale(years) : makeSizeScale(topics);
}

function makeSizeScale(topics: readonly Topic[]): Scale {
  const most = Math.max(1, ...topics.map((topic) => topic.n_papers));
  return {
    // Sizes differ by orders of magnitude.
    fill: (topic) => mix(GREENS, Math.log1p(topic.n_papers) / Math.log1p(most)),
    tell: () => "",
    legend: { low: "no papers", high: countOf(most, "paper"), swatches: swatchesOf(GREENS) },
  };
}

function makeDoubtScale(topics: readonly Topic[]): Scale {
  const share = (topic: Topic) => (topic.n_papers > 0 ? topic.n_doubtful / topic.n_papers : 0);
  const most = Math.max(0.01, ...topics.map(share));
  return {
    fill: (topic) => mix(AMBERS, share(topic) / most),
    tell: (topic) => `${percent(share(topic))} in doubt`,
    legend: { low: "none in doubt", high: `${percent(most)} in doubt`, swatches: swatchesOf(AMBERS) },
  };
}

function makeGrowthScale(years: Schemas["YearsOut"] | undefined): Scale {
  const find = (topic: Topic) => growthOf(years?.counts[topic.id]);
  return {
    fill: (topic) => {
      const growth = find(topic);
      if (!growth) {
        return UNKNOWN;
      }
      // One paper more on both sides: a topic of three papers is no matter of “four times”.
      const steps = Math.log2((growth.recent + 1) / (growth.before + 1));
      return mix(BOTH_WAYS, (steps / STEEPEST + 1) / 2);
    },
    tell: (topic) => {
      const growth = find(topic);
      return growth && years?.last
        ? `${growth.recent} from ${years.last - growth.span + 1} to ${years.last}, ${growth.before} in as many years before`
        : "no years known";
    },
    legend: { low: "a quarter of before", high: "four times as many", swatches: swatchesOf(BOTH_WAYS) },
  };
}

function swatchesOf(stops: readonly Rgb[]): string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((at) => mix(stops, at));
}

/** A colour of a scale as `#rrggbb`; `at` outside [0, 1] is the nearer end. */
export function mix(stops: readonly Rgb[], at: number): string {
  const place = Math.min(1, Math.max(0, at)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [one, other] = [stops[index] as Rgb, stops[index + 1] as Rgb];
  const parts = one.map((part, axis) =>
    Math.round(part + ((other[axis] ?? part) - part) * (place - index))
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${parts.join("")}`;
}

/** Black or white, whichever is read better on a colour (WCAG 2.2: one of both reaches 4.5 to 1 on any). */
export function inkOn(fill: string): string {
  const light = [1, 3, 5].map((start) => {
    const part = parseInt(fill.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] > 0.179 ? "#000000" : "#ffffff";
}
