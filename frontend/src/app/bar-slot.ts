/** The part of the bar on top that a screen may fill. */
import { createContext } from "react";

export const BarSlot = createContext<HTMLElement | null>(null);
