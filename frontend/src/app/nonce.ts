/** The nonce of the page's Content-Security-Policy; style elements made by libraries must carry it. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// get-nonce, by which overlays keep the page behind them from scrolling, looks for this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
