/** What the browser shows in its tab, and reads out when a screen is opened. */
import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · papertree` : "papertree";
    return () => {
      document.title = "papertree";
    };
  }, [title]);
}
