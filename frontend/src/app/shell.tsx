/** The frame of every screen: the bar on top, the screen below, toasts above. */
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";

import { useState } from "react";

import { Icon } from "../parts/icons";
import { SaveState } from "../parts/edits/save-state";
import { BarButton } from "./bar-button";
import { BarSlot } from "./bar-slot";
import { HelpButton } from "./help-button";
import { closeSession } from "./session";
import classes from "./shell.module.css";

export function Shell() {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <header className={classes.bar}>
        <Link to="/" className={classes.brand} aria-label="papertree, all corpora">
          <Icon name="tree" size={22} />
          <span>papertree</span>
        </Link>
        <div className={classes.slot} ref={setSlot} />
        <SaveState />
        <HelpButton />
        <ThemeButton />
        <ForgetButton />
      </header>
      <main id="main" className={classes.main} tabIndex={-1}>
        <BarSlot value={slot}>
          <Outlet />
        </BarSlot>
      </main>
    </div>
  );
}

function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <BarButton
      label={`Use ${other} colours`}
      icon={scheme === "dark" ? "sun" : "moon"}
      act={() => setColorScheme(other)}
    />
  );
}

function ForgetButton() {
  const client = useQueryClient();
  const forget = async () => {
    await closeSession();
    client.clear();
    location.assign("/");
  };
  return <BarButton label="Forget the key in this browser" icon="key" act={() => void forget()} />;
}
