import "./app/nonce";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/base.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/app";
import { openSession, takeKeyFromAddress } from "./app/session";

async function start() {
  const key = takeKeyFromAddress();
  if (key) {
    await openSession(key);
  }
  window.addEventListener("hashchange", () => {
    const next = takeKeyFromAddress();
    if (next) {
      void openSession(next).then(() => location.reload());
    }
  });
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
