import { Kbd } from "@mantine/core";
import { Fragment } from "react";

import classes from "./shortcut-list.module.css";
import { SHORTCUTS } from "./shortcuts";

/** All keys; `level` is that of the headings of the groups. */
export function ShortcutList({ level: Heading = "h3" }: { level?: "h2" | "h3" }) {
  return (
    <div className={classes.groups}>
      {SHORTCUTS.map((group) => (
        <section key={group.where}>
          <Heading className={classes.where}>{group.where}</Heading>
          <dl className={classes.list}>
            {group.shortcuts.map((shortcut) => (
              <div key={shortcut.does} className={classes.row}>
                <dt>
                  {shortcut.keys.map((keys, way) => (
                    <Fragment key={keys.join("+")}>
                      {way > 0 && " or "}
                      {keys.map((key, index) => (
                        <Fragment key={key}>
                          {index > 0 && "+"}
                          <Kbd>{key}</Kbd>
                        </Fragment>
                      ))}
                    </Fragment>
                  ))}
                </dt>
                <dd>{shortcut.does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
