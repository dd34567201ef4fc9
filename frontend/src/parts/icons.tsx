/** The icons, drawn on 16 units; they say nothing to a screen reader, the control beside them does. */
import type { SVGProps } from "react";

const PATHS = {
  add: "M8 3v10M3 8h10",
  back: "M13 8H3M7 4 3 8l4 4",
  check: "m3 8.5 3.2 3L13 4.5",
  chevron: "m6 4 4 4-4 4",
  clock: "M8 4.5V8l2.5 1.5M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z",
  close: "m4 4 8 8M12 4l-8 8",
  doubt: "M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.1M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z",
  download: "M8 2.5V10M5 7 8 10l3-3M3 10v3h10v-3",
  edit: "m3 13 .6-2.6 7.2-7.2 2 2-7.2 7.2L3 13Z",
  export: "M8 10V2.5M5 5.2 8 2.3l3 2.9M3 10v3h10v-3",
  help: "M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.1M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z",
  history: "M2.5 3v3h3M2.8 6A5.6 5.6 0 1 1 2.4 9M8 5v3.2l2 1.3",
  key: "M10 2.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM7.4 8.5 2.5 13.5M4.5 11.5l1.8 1.8",
  less: "M3 8h10",
  list: "M6 4h7M6 8h7M6 12h7M3 4h.1M3 8h.1M3 12h.1",
  lock: "M4 7.5h8v6H4zM5.5 7.5V5.2a2.5 2.5 0 0 1 5 0v2.3",
  map: "M3 12.5h.1M6 8h.1M9.5 10.5h.1M12.5 4.5h.1M8 4h.1M12 8.5h.1M4 5h.1",
  menu: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  merge: "M3 3v2.5C3 7.5 8 7.5 8 10v3M13 3v2.5C13 7.5 8 7.5 8 10",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z",
  move: "M2.5 4h4l1.5 1.5h5.5V13h-11zM6 9.3h4.5M8.7 7.5l1.8 1.8-1.8 1.8",
  redo: "M13 3v4H9M12.7 7A5.2 5.2 0 1 0 13 9.7",
  review: "M3 3h10v10H3zM5.3 8l2 2 3.4-4",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14",
  split: "M8 3v3c0 2.5-5 2.5-5 5v2M8 6c0 2.5 5 2.5 5 5v2",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  tree: "M8 15V4M8 11 3.5 7.5M8 9l4.5-3.5",
  undo: "M3 3v4h4M3.3 7A5.2 5.2 0 1 1 3 9.7",
  unlock: "M4 7.5h8v6H4zM5.5 7.5V5.2a2.5 2.5 0 0 1 4.6-1.3",
  upload: "M8 10.5V3M5 5.7 8 2.8l3 2.9M3 10v3h10v-3",
  warning: "M8 2.5 14 13H2L8 2.5ZM8 6.5v3M8 11.3v.1",
  pictures: "M2.5 3.5h11v3h-11zM2.5 8h5v4.5h-5zM9 8h4.5v4.5H9z",
  second: "M2.5 4.5h6v6h-6zM6 7.5h7.5v6H6z",
} as const;

export type IconName = keyof typeof PATHS;

interface Props extends SVGProps<SVGSVGElement> {
  name: IconName;
  size?: number;
}

export function Icon({ name, size = 16, ...rest }: Props) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...rest}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
