import type { ReactNode } from "react";

import classes from "./unseen.module.css";

/** Text that a screen reader says and nobody sees. */
export function Unseen({ children }: { children: ReactNode }) {
  return <span className={classes.unseen}>{children}</span>;
}
